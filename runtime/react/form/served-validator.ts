import type { ErrorObject } from 'ajv'
import type { Json } from '../../src/json.ts'
import type { CheckValue } from './validator-type.ts'

/** The module that the server compiles at publish: ajv's standalone code, which needs no `eval`. */
interface ServedModule {
  readonly default: { (value: Json): boolean; errors?: ErrorObject[] | null }
}

const loaded = new Map<string, Promise<CheckValue>>()

/**
 * Loads the compiled validator of a form. Addresses carry the hash of their content, so a module is fetched once and
 * kept. Rejects when it cannot be had; the server checks on submit in any case.
 */
export function loadServedValidator(url: string): Promise<CheckValue> {
  const known = loaded.get(url)
  if (known) return known
  const loading = import(/* @vite-ignore */ new URL(url, document.baseURI).href).then(
    (module: ServedModule) => {
      const validate = module.default
      return (value: Json) => (validate(value) ? [] : (validate.errors ?? []))
    },
  )
  loaded.set(url, loading)
  // A failed load may succeed later: browsers remember failed imports by address, so the next one differs.
  loading.catch(() => loaded.delete(url))
  return loading
}
