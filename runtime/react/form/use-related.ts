import { useEffect, useRef, useState } from 'react'
import type { FormProgram } from '../../src/forms/outcomes.ts'
import type { JsonObject } from '../../src/json.ts'

type Related = Readonly<Record<string, JsonObject>>
const none: Related = {}

/** The records that the form's rules read through its references, loaded as references change. */
export function useRelated(
  program: FormProgram,
  values: JsonObject,
  readRecord: ((object: string, id: string) => Promise<JsonObject>) | undefined,
): Related {
  const [related, setRelated] = useState<Related>(none)
  const read = useRef(readRecord)
  read.current = readRecord
  const wanted = [...new Set(program.reads.map((path) => path.split('.')[0] ?? path))].flatMap((key) => {
    const field = program.fields.find((one) => one.key === key)
    const id = values[key]
    return field && typeof id === 'string' ? [{ key, object: String(field.definition['x-object']), id }] : []
  })
  const mark = JSON.stringify(wanted)
  useEffect(() => {
    const list = JSON.parse(mark) as { key: string; object: string; id: string }[]
    if (!read.current || list.length === 0) return setRelated(none)
    let live = true
    Promise.all(
      list.map(async ({ key, object, id }) => {
        // A record that cannot be read leaves its rules without a value; the server decides.
        const found = await read.current?.(object, id).catch(() => null)
        return found ? [[key, { ...found, id }] as const] : []
      }),
    ).then((found) => live && setRelated(Object.fromEntries(found.flat())))
    return () => {
      live = false
    }
  }, [mark])
  return related
}
