import Type from 'typebox'
import type { FieldDefinition } from '../../../definition/object.ts'
import { Key } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/documents.ts'
import { suggest } from '../../../fields/suggest.ts'
import { defineEffectType } from './effect-type.ts'

/**
 * Prints a document about the flow's record and keeps it in a field of files, beside what is there or in its place. It
 * says what the record says when it is printed. Payload: `{document, into, locale, replace}`.
 */
export const document = defineEffectType({
  name: 'document',
  title: { en: 'Print a document', zh: '生成文档' },
  icon: 'file-text',
  settings: Type.Object(
    {
      document: Key,
      /** A field of files of the record. */
      into: Key,
      /** In which language. Default: that of whoever applied. */
      locale: Type.Optional(Type.Enum(['en', 'zh'])),
      /** Takes the place of what is in the field. Default: it is added. */
      replace: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  check: ({ document: key, into }, flow, set, pointer) => {
    const found = set.documents.get(key)
    if (found === undefined) {
      if (set.incomplete?.has(`document:${key}`)) return []
      const values = { name: key, ...suggest(key, set.documents.keys()) }
      return [diagnose(errors.documentUnknown, `${pointer}/document`, values)]
    }
    const diagnostics =
      found.object === flow.object
        ? []
        : [
            diagnose(errors.documentOtherObject, `${pointer}/document`, {
              name: key,
              object: found.object,
              own: flow.object,
            }),
          ]
    const field = set.objects.get(flow.object)?.schema.properties[into] as FieldDefinition | undefined
    const accept = field?.['x-accept']
    const takes =
      !Array.isArray(accept) || accept.includes('application/pdf') || accept.includes('application/*')
    if (field?.['x-field'] !== 'file' || !takes)
      diagnostics.push(diagnose(errors.documentField, `${pointer}/into`, { name: into }))
    return diagnostics
  },
  plan: ({ document: key, into, locale = null, replace = false }) => ({
    document: key,
    into,
    locale,
    replace,
  }),
  undo: ({ into = null }, _before, { file = null }) => [{ type: 'remove_file', payload: { into, file } }],
  trace: ({ result }, locale) => {
    const name = typeof result === 'object' && result !== null && 'name' in result ? ` ${result.name}` : ''
    return locale === 'zh' ? `已生成文档${name}` : `A document was printed:${name || ' …'}`
  },
})
