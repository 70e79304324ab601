import type { Plugin } from 'vite'

/**
 * The settings of kinds and field types are typebox schemas: they check what an admin writes, in the designer and on
 * the server. The portal only draws what was published and asks none of them, so it is built without typebox. Whoever
 * looks into a schema here all the same is told at once.
 */
export function leaveOutMetaSchemas(): Plugin {
  const name = 'typebox'
  return {
    name: 'leave-out-meta-schemas',
    enforce: 'pre',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? { code: absent, moduleSideEffects: false } : null),
  }
}

const absent = `
const schema = new Proxy({}, {
  get() { throw new Error('The portal is built without meta-schemas (leave-out-meta-schemas.ts)') },
})
export default new Proxy({}, { get: () => () => schema })
`
