import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { createContext, useContext } from 'react'
import type { EditorSight } from '../editor/complete-json.ts'
import { joinPointer } from '../editor/json-position.ts'
import { type Name, namesAt } from '../editor/names.ts'
import { valueAtPath } from '../editor/schema-walk.ts'

/** What every input of a form of settings stands in. */
export interface SettingsSight {
  readonly sight: EditorSight
  /** The definition as it stands in the editor. */
  readonly whole: JsonObject
  readonly problems: readonly Diagnostic[]
  /** Writes a value into the text; undefined takes it away. */
  put(path: readonly string[], value: Json | undefined): void
}

export const SettingsContext = createContext<SettingsSight | null>(null)

/** What one place of the definition holds, what may be named there and what is wrong with it. */
export function usePlace(path: readonly string[]) {
  const here = useContext(SettingsContext)
  if (here === null) throw new Error('a setting stands in no form of settings')
  const { sight, whole, problems } = here
  const value = valueAtPath(whole, path)
  const pointer = joinPointer(path)
  // What a step in a list is called is a number for whoever walks the text.
  const steps = path.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  return {
    here,
    value,
    locale: sight.locale,
    put: (next: Json | undefined) => here.put(path, next),
    names: (isKey = false, below: readonly (string | number)[] = []): readonly Name[] =>
      namesAt(sight.kind, { set: sight.set, text: whole, path: [...steps, ...below] }, isKey),
    /** What the checks say of this very place, or of it and all that it holds. */
    problem: (all = true) => say(problems, pointer, all, sight.locale),
  }
}

function say(
  problems: readonly Diagnostic[],
  pointer: string,
  all: boolean,
  locale: Locale,
): string | undefined {
  const found = problems.filter(
    ({ path, severity }) =>
      severity === 'error' && (path === pointer || (all && path.startsWith(`${pointer}/`))),
  )
  const told = [...new Set(found.map(({ message, hint }) => `${message[locale]} ${hint[locale]}`.trim()))]
  return told.length > 0 ? told.join(' ') : undefined
}
