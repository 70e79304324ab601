import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { leaveOutTestRegistry } from '../runtime/leave-out-test-registry.ts'

export default defineConfig({
  root: import.meta.dirname,
  base: '/builder/',
  plugins: [react(), leaveOutTestRegistry()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 1500 },
  server: { proxy: { '/api': 'http://127.0.0.1:4000', '/schemas': 'http://127.0.0.1:4000' } },
})
