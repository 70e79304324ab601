import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/support/longest-first.ts'

// Two at least: a test that waits for Postgres, a process or a page leaves the processor to another.
const maxWorkers = Math.max(2, Math.min(8, availableParallelism() - 1))

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // Everything without a browser page: units beside the code, contracts of the lists, packs, conformance.
        test: {
          name: 'code',
          include: ['{runtime,server,builder}/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', 'tests/scenarios/**'],
          globalSetup: ['tests/support/postgres.ts'],
          maxWorkers,
          // Files of one worker share what they import: loading the server anew for each was a third of the time. A
          // file that changes what is shared (process.env, a module's own state) puts it back.
          isolate: false,
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
          maxWorkers: Math.min(4, maxWorkers),
          // After the others, where both are asked for at once.
          sequence: { groupOrder: 1 },
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
