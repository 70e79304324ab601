import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        // Everything without a browser page: units beside the code, contracts of the lists, packs, conformance.
        test: {
          name: 'code',
          include: ['{runtime,server,builder}/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', 'tests/scenarios/**'],
          globalSetup: ['tests/support/postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Stories in a real browser against the real server.
        test: {
          name: 'scenarios',
          include: ['tests/scenarios/**/*.test.ts'],
          globalSetup: ['tests/support/postgres.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
