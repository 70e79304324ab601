import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { leaveOutMetaSchemas } from './leave-out-meta-schemas.ts'
import { leaveOutTestRegistry } from './leave-out-test-registry.ts'

/** The portal: built to runtime/portal/dist, served at `/`. */
export default defineConfig({
  root: `${import.meta.dirname}/portal`,
  base: '/',
  plugins: [react(), leaveOutMetaSchemas(), leaveOutTestRegistry()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': process.env.CW_SERVER ?? 'http://127.0.0.1:4000' } },
})
