import { Key } from '@channelwright/runtime/definition/shared.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fileGone, formUnknown } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { findForm } from '../records/client-release.ts'
import { readValidator } from '../records/form-validator.ts'
import { defineRoute } from './route.ts'

export const getFormValidator = defineRoute({
  name: 'getFormValidator',
  method: 'get',
  path: '/api/v1/:workspace/forms/:key/:file',
  summary: { en: 'A form’s validator as an ES module', zh: '表单校验脚本(ES 模块)' },
  access: 'member',
  params: Type.Object({ workspace: Type.String(), key: Key, file: Type.String({ maxLength: 80 }) }),
  output: Type.Unknown(),
  produces: 'application/javascript',
  errors: [formUnknown, fileGone],
  async handle({ served, actor }, { params: { key, file } }) {
    const form = findForm(served, actor, key)
    const hash = /^validator-([0-9a-f]{20})\.js$/.exec(file)?.[1]
    if (!hash) throw new Refusal(fileGone)
    return {
      headers: {
        'Content-Type': 'application/javascript; charset=utf-8',
        'Cache-Control': 'private, max-age=31536000, immutable',
      },
      body: await readValidator(served, form, hash),
    }
  },
})
