import { isJsonObject, type Json } from '../../json.ts'

/**
 * While a file is on its way a place stands for it in the list of ids, so that nothing is sent off without it: it is no
 * id, and no form takes it for one. `unsent`: it did not arrive, and can be tried again or left out.
 */
const placeOf = { sending: 'sending:', unsent: 'unsent:' } as const

export function placeFor(key: string, state: keyof typeof placeOf): string {
  return placeOf[state] + key
}

export function isFileId(id: string): boolean {
  return !isOnItsWay(id) && !isUnsent(id)
}

export function isUnsent(id: string): boolean {
  return id.startsWith(placeOf.unsent)
}

function isOnItsWay(id: string): boolean {
  return id.startsWith(placeOf.sending)
}

/** Whether a file is still on its way to a place somewhere in what was entered; files stand in lists, and only there. */
export function awaitsFile(entered: Json | undefined): boolean {
  if (Array.isArray(entered))
    return entered.some((one) => (typeof one === 'string' ? isOnItsWay(one) : awaitsFile(one)))
  return isJsonObject(entered) && Object.values(entered).some(awaitsFile)
}

/** Whether a file of the list did not arrive. */
export function lacksFile(entered: Json | undefined): boolean {
  return Array.isArray(entered) && entered.some((one) => typeof one === 'string' && isUnsent(one))
}

/** Whether nothing else has happened between the two but that files arrived, or failed to. */
export function onlyFilesSettled(before: Json | undefined, after: Json | undefined): boolean {
  if (typeof before === 'string' && isOnItsWay(before)) return typeof after === 'string'
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length && before.every((one, at) => onlyFilesSettled(one, after[at]))
  if (isJsonObject(before) && isJsonObject(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((key) =>
      onlyFilesSettled(before[key], after[key]),
    )
  return before === after
}
