import type { DefinitionEntry } from '@channelwright/runtime/api/definitions.ts'
import type { ContextWords } from './complete-json.ts'

/** Property names whose value is the key of another definition. */
const referring: Record<string, string> = {
  object: 'object',
  'x-object': 'object',
  form: 'form',
  forms: 'form',
  create: 'form',
  edit: 'form',
  view: 'view',
  views: 'view',
  detail: 'view',
  plans: 'plan',
  role: 'grant',
}

/** Offers the keys of the workspace's definitions where one of their kind is meant. */
export function wordsOfWorkspace(entries: readonly DefinitionEntry[]): ContextWords {
  return (path) => {
    const name = [...path].reverse().find((segment) => typeof segment === 'string')
    const kind = name === undefined ? undefined : referring[name]
    if (kind === undefined) return []
    return entries
      .filter((entry) => entry.kind === kind && entry.draft !== 'removed')
      .map((entry) => ({ word: entry.key, detail: entry.title.en }))
  }
}
