import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fileGone } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { patternModule } from '../records/validator-parts.ts'
import { defineRoute } from './route.ts'

export const getSharedModule = defineRoute({
  name: 'getSharedModule',
  method: 'get',
  path: '/api/modules/:file',
  summary: {
    en: 'A module that the validators of forms share: the engine of patterns',
    zh: '各表单校验脚本共用的模块:正则引擎',
  },
  access: 'public',
  params: Type.Object({ file: Type.String({ maxLength: 80 }) }),
  output: Type.Unknown(),
  produces: 'application/javascript',
  errors: [fileGone],
  async handle(_context, { params: { file } }) {
    const { url, code } = await patternModule()
    if (!url.endsWith(`/${file}`)) throw new Refusal(fileGone)
    return {
      headers: {
        'Content-Type': 'application/javascript; charset=utf-8',
        'Cache-Control': 'public, max-age=31536000, immutable',
      },
      body: code,
    }
  },
})
