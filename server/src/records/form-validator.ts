import { createHash } from 'node:crypto'
import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fileGone } from '@channelwright/runtime/errors/records.ts'
import { isGeneratedPattern } from '@channelwright/runtime/fields/decimal-text.ts'
import { createValidator } from '@channelwright/runtime/fields/validator.ts'
import { formInputSchema } from '@channelwright/runtime/forms/outcomes.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { _ } from 'ajv'
import standaloneModule from 'ajv/dist/standalone/index.js'
import type { ServedRelease } from '../services.ts'
import { tableOf } from './record-table.ts'
import { bundle, patternModule } from './validator-parts.ts'

/** A CommonJS module: types see its default export, Node hands over the module itself. */
const standaloneCode =
  (standaloneModule as unknown as { default?: typeof standaloneModule }).default ?? standaloneModule

/** Counts changes of how validators are made; part of their address. */
const maker = 2

/** The schema that a form's values must meet, whatever its rules say: types, lengths, formats, choices. */
function schemaOf(served: ServedRelease, form: FormDefinition): JsonObject {
  return formInputSchema(form, tableOf(served, form.object).object)
}

function hashOf(schema: JsonObject): string {
  return createHash('sha256')
    .update(JSON.stringify([maker, schema]))
    .digest('hex')
    .slice(0, 20)
}

/** Address of the form's validator below the API. It names the content, so it may be kept for ever. */
export function validatorUrl(served: ServedRelease, form: FormDefinition): string {
  const address = `records/validator/${form.key}`
  const kept = served.cache.get(address) as string | undefined
  if (kept) return kept
  const hash = hashOf(schemaOf(served, form))
  const url = `/api/v1/${served.workspace.key}/forms/${form.key}/validator-${hash}.js`
  served.cache.set(address, url)
  return url
}

/** Modules made by this process, by hash; pages of an earlier release still ask for theirs. */
const made = new Map<string, Promise<Buffer>>()
const mostMade = 500

/** The module of that hash. Throws FILE_GONE for one that neither this release nor this process's memory knows. */
export function readValidator(served: ServedRelease, form: FormDefinition, hash: string): Promise<Buffer> {
  const kept = made.get(hash)
  if (kept) return kept
  const schema = schemaOf(served, form)
  if (hashOf(schema) !== hash) throw new Refusal(fileGone)
  if (made.size >= mostMade) made.delete(made.keys().next().value!)
  const making = makeModule(schema)
  made.set(hash, making)
  making.catch(() => made.delete(hash))
  return making
}

/**
 * ajv's standalone code as one ES module: no `eval` and no `new Function`, so that a page under `script-src 'self'` can
 * run it. Formats and patterns are the runtime's own, the same as on the server; the engine of patterns is a module
 * of its own, imported where a pattern is.
 */
async function makeModule(schema: JsonObject): Promise<Buffer> {
  const ajv = createValidator({ source: true, esm: true, formats: _`cwFormats` })
  const code = standaloneCode(ajv, ajv.compile(schema))
  const { url } = await patternModule()
  const head = [`import { formats as cwFormats } from './formats.ts'`]
  if (patternsOf(schema).every(isGeneratedPattern))
    head.push(`import { compileGenerated as compilePattern } from './decimal-text.ts'`)
  else head.push(`import { compilePattern } from '${url}'`)
  return bundle(`${head.join('\n')}\n${code}`, [url])
}

/** Every pattern in a schema. Those that field types generate are sound as they are and need no engine of their own. */
function patternsOf(schema: Json): string[] {
  if (Array.isArray(schema)) return schema.flatMap(patternsOf)
  if (!isJsonObject(schema)) return []
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'pattern' && typeof value === 'string' ? [value] : patternsOf(value),
  )
}
