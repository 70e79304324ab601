import { Key } from '@channelwright/runtime/definition/shared.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { documentUnknown } from '@channelwright/runtime/errors/documents.ts'
import { objectUnknown, recordNotFound } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { fillDocument } from '../files/documents/fill-document.ts'
import { printDocument } from '../files/documents/print-document.ts'
import { readAsPerson } from '../files/documents/read-record.ts'
import { cleanFileName, dispositionOf } from '../files/file-name.ts'
import { rightsOn } from '../records/object-rights.ts'
import { defineRoute } from './route.ts'

export const previewDocument = defineRoute({
  name: 'previewDocument',
  method: 'post',
  path: '/api/v1/:workspace/documents/:key/preview',
  summary: {
    en: 'A document about a record as a PDF, with what the caller may read; nothing is kept',
    zh: '以 PDF 预览某记录的打印文档(仅含有权查看的内容,不保存)',
  },
  access: 'member',
  params: Type.Object({ workspace: Type.String(), key: Key }),
  body: Type.Object(
    { record: Type.String({ maxLength: 40 }), locale: Type.Optional(Type.Enum(['en', 'zh'])) },
    { additionalProperties: false },
  ),
  output: Type.Unknown(),
  produces: 'application/pdf',
  errors: [documentUnknown, recordNotFound, objectUnknown],
  async handle({ services, served, actor, locale }, { params, body }) {
    const document = served.release.documents.get(params.key)
    // Whoever may not read the object learns nothing of its documents.
    if (!document || rightsOn(served, actor, document.object).read === null) {
      const known = [...served.release.documents.values()]
        .filter(({ object }) => rightsOn(served, actor, object).read !== null)
        .map(({ key }) => key)
      throw new Refusal(documentUnknown, { name: params.key, known: known.join(', ') || '–' })
    }
    const [filled, now] = await inUnit(
      services,
      served,
      actor,
      async (unit) =>
        [
          await fillDocument(unit, document, body.record, body.locale ?? locale, readAsPerson(unit)),
          unit.now,
        ] as const,
      { readOnly: true },
    )
    return {
      headers: {
        'Content-Type': 'application/pdf',
        'Content-Disposition': dispositionOf(
          cleanFileName(`${filled.name}.pdf`, 'application/pdf'),
          'inline',
        ),
        'X-Content-Type-Options': 'nosniff',
      },
      body: await printDocument(filled, now),
    }
  },
})
