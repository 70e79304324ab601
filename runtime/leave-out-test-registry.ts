import type { Plugin } from 'vite'

const unwanted = '@rjsf/validator-ajv8'

/**
 * `@rjsf/core` exports a helper for its own tests that imports the stock validator. That validator compiles with
 * `new Function`, which `script-src 'self'` forbids, so it is not installed; the helper gets nothing in its place.
 */
export function leaveOutTestRegistry(): Plugin {
  return {
    name: 'leave-out-test-registry',
    enforce: 'pre',
    resolveId: (id) => (id === unwanted ? `\0${unwanted}` : null),
    load: (id) =>
      id === `\0${unwanted}` ? { code: 'export default undefined', moduleSideEffects: false } : null,
  }
}
