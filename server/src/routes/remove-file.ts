import * as errors from '@channelwright/runtime/errors/uploads.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { dropFile } from '../files/file-rows.ts'
import { FileParams } from './file-shapes.ts'
import { defineRoute } from './route.ts'

export const removeFile = defineRoute({
  name: 'removeFile',
  method: 'delete',
  path: '/api/v1/:workspace/files/:id',
  summary: { en: 'Take back a file that nothing uses yet', zh: '撤回尚未使用的文件' },
  access: 'member',
  params: FileParams,
  output: Type.Null(),
  success: 204,
  errors: [errors.uploadUnknown, errors.uploadInUse],
  async handle({ services, served, actor }, { params }) {
    const id = params.id.toLowerCase()
    await inUnit(services, served, actor, (unit) => dropFile(unit, id))
    await services.files.remove({ workspace: served.workspace.id, id })
    return { body: null }
  },
})
