import type { FormReply } from '@channelwright/runtime/api/records.ts'
import { Key } from '@channelwright/runtime/definition/shared.ts'
import { formUnknown } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { readForm } from '../records/client-release.ts'
import { defineRoute } from './route.ts'

export const getForm = defineRoute({
  name: 'getForm',
  method: 'get',
  path: '/api/v1/:workspace/forms/:key',
  summary: {
    en: 'A form with its object and the address of its validator',
    zh: '表单定义、所属对象及校验脚本地址',
  },
  access: 'member',
  params: Type.Object({ workspace: Type.String(), key: Key }),
  output: Type.Unsafe<FormReply>(
    Type.Object({
      definition: Type.Unknown(),
      /** Address of an ES module whose default export validates the form's values. */
      validator: Type.String(),
      object: Type.Unknown(),
    }),
  ),
  errors: [formUnknown],
  async handle({ served, actor }, { params: { key } }) {
    return { body: readForm(served, actor, key) }
  },
})
