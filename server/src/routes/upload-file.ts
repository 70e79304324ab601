import * as errors from '@channelwright/runtime/errors/uploads.ts'
import { inUnit } from '../db/unit.ts'
import { insertFile, refuseTooMany } from '../files/file-rows.ts'
import { receiveFile } from '../files/receive-file.ts'
import { FileShape } from './file-shapes.ts'
import { defineRoute } from './route.ts'

export const uploadFile = defineRoute({
  name: 'uploadFile',
  method: 'post',
  path: '/api/v1/:workspace/files',
  summary: {
    en: 'Send a file; its id then goes into a field or a decision',
    zh: '上传文件,之后将其标识填入字段或审批意见',
  },
  access: 'member',
  consumes: 'multipart/form-data',
  output: FileShape,
  success: 201,
  errors: [
    errors.uploadMissing,
    errors.uploadEmpty,
    errors.uploadTooLarge,
    errors.uploadTypeRefused,
    errors.uploadsWaiting,
  ],
  async handle({ services, served, actor, request }) {
    await inUnit(services, served, actor, refuseTooMany, { readOnly: true })
    const kept = await receiveFile(services, served.workspace, request)
    try {
      return { body: await inUnit(services, served, actor, (unit) => insertFile(unit, kept, actor.user)) }
    } catch (error) {
      await services.files.remove({ workspace: served.workspace.id, id: kept.id })
      throw error
    }
  },
})
