import type { CaseEdit } from '@channelwright/runtime/definition/case.ts'
import { pathOf } from '@channelwright/runtime/definition/check.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { failed } from './case-failure.ts'

/** The definitions with these changes made, one after another. */
export function editSources(
  given: readonly DefinitionSource[],
  edits: readonly CaseEdit[],
  pointer: string,
): DefinitionSource[] {
  let sources = [...given]
  for (const [index, edit] of edits.entries()) {
    const at = `${pointer}/${index}`
    const found = sources.find((source) => isMeant(source, edit))
    if (edit.definition !== undefined) {
      const text = write({ ...edit.definition, kind: kindOf(edit), key: edit.key } as JsonObject)
      // What is new belongs to the pack that came first: the one under test.
      const fresh = { pack: sources[0]?.pack ?? '', path: pathOf(edit.kind, edit.key), text }
      sources = found ? replace(sources, found, text) : [...sources, fresh]
      continue
    }
    if (found === undefined)
      throw failed(
        { en: 'A definition to change', zh: '要修改的定义' },
        `${edit.kind} ${edit.key}`,
        'none',
        at,
      )
    if (edit.path === undefined) sources = sources.filter((source) => source !== found)
    else {
      const change = edit.remove ? null : { value: (edit.value ?? null) as Json }
      sources = replace(sources, found, write(setAt(parse(found.text), edit.path, change, `${at}/path`)))
    }
  }
  return sources
}

function kindOf({ kind, definition }: CaseEdit): string {
  const named = definition?.kind
  return typeof named === 'string' ? named : `${kind}/1`
}

function isMeant({ text }: DefinitionSource, { kind, key }: CaseEdit): boolean {
  const definition = parse(text)
  return isJsonObject(definition) && definition.key === key && String(definition.kind).split('/')[0] === kind
}

function replace(
  sources: readonly DefinitionSource[],
  one: DefinitionSource,
  text: string,
): DefinitionSource[] {
  return sources.map((source) => (source === one ? { ...source, text } : source))
}

function write(definition: Json): string {
  return `${JSON.stringify(definition, null, 2)}\n`
}

function parse(text: string): Json {
  return JSON.parse(text) as Json
}

/** Puts a value at a JSON pointer, `-` meaning the end of a list; null takes away what stands there. */
function setAt(root: Json, path: string, change: { readonly value: Json } | null, pointer: string): Json {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const nothing = () =>
    failed({ en: 'The path to change', zh: '要修改的路径' }, path, 'nothing there', pointer)
  const put = (node: Json, [step, ...rest]: readonly string[]): Json => {
    if (step === undefined) {
      if (change === null) throw nothing()
      return change.value
    }
    const last = rest.length === 0
    if (Array.isArray(node)) {
      if (step === '-' && change) return [...node, put(null, rest)]
      const index = Number(step)
      if (!(index in node)) throw nothing()
      if (last && change === null) return node.filter((_, at) => at !== index)
      return node.map((item, at) => (at === index ? put(item, rest) : item))
    }
    if (!isJsonObject(node)) throw nothing()
    const own = Object.hasOwn(node, step)
    if (!own && (change === null || !last)) throw nothing()
    if (last && change === null) {
      const { [step]: _, ...others } = node
      return others
    }
    return { ...node, [step]: put(own ? (node[step] ?? null) : null, rest) }
  }
  return put(root, steps)
}
