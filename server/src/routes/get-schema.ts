import { editorSchema } from '@channelwright/runtime/definition/editor-schema.ts'
import { findFileKind } from '@channelwright/runtime/definition/index.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { addressUnknown } from '@channelwright/runtime/errors/http.ts'
import Type from 'typebox'
import { defineRoute } from './route.ts'

export const getSchema = defineRoute({
  name: 'getSchema',
  method: 'get',
  path: '/schemas/:file',
  summary: {
    en: 'The meta-schema of a kind of file in a pack, for editors: /schemas/form.json',
    zh: '定义类型的元模式,供编辑器使用:/schemas/form.json',
  },
  access: 'public',
  params: Type.Object({ file: Type.String({ pattern: '^[a-z]+\\.json$' }) }),
  output: Type.Record(Type.String(), Type.Unknown()),
  errors: [addressUnknown],
  async handle({ services }, { params }) {
    const kind = findFileKind(params.file.slice(0, -'.json'.length))
    if (!kind) throw new Refusal(addressUnknown)
    const body = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `${services.config.baseUrl}/schemas/${params.file}`,
      ...editorSchema(kind),
    }
    return { headers: { 'Content-Type': 'application/schema+json; charset=utf-8' }, body }
  },
})
