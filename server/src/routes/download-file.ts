import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import * as errors from '@channelwright/runtime/errors/uploads.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { dispositionOf } from '../files/file-name.ts'
import { seeFile } from '../files/file-rows.ts'
import { isShownInline } from '../files/file-type.ts'
import { readRange } from '../files/read-range.ts'
import { FileContentGone } from '../files/store.ts'
import { FileParams } from './file-shapes.ts'
import { defineRoute } from './route.ts'

/**
 * What a file holds never runs with our rights: whatever is not a picture or a PDF is saved and not shown, its type is
 * not guessed, and should a browser show it all the same, it does so in a sandbox. (The sandbox would keep the browsers'
 * own PDF reader from starting, which is why a PDF is held by what it may load instead.)
 */
const pdfPolicy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
const policy = "sandbox; default-src 'none'; img-src 'self'; frame-ancestors 'self'"

export const downloadFile = defineRoute({
  name: 'downloadFile',
  method: 'get',
  path: '/api/v1/:workspace/files/:id',
  summary: { en: 'What a file holds, or a part of it', zh: '下载文件内容(支持分段)' },
  access: 'member',
  params: FileParams,
  query: Type.Object({
    // Pictures and PDFs are saved too, rather than shown.
    save: Type.Optional(Type.Boolean()),
  }),
  output: Type.Unknown(),
  produces: 'application/octet-stream',
  errors: [errors.uploadUnknown, errors.uploadContentGone, errors.uploadRange],
  async handle({ services, served, actor, request }, { params, query }) {
    const file = await inUnit(services, served, actor, (unit) => seeFile(unit, params.id.toLowerCase()), {
      readOnly: true,
    })
    const inline = isShownInline(file.type) && query.save !== true
    const etag = `"${file.sha256.slice(0, 32)}"`
    const headers = {
      'Content-Type': /^text\/(plain|csv)$/.test(file.type) ? 'application/octet-stream' : file.type,
      'Content-Disposition': dispositionOf(file.name, inline ? 'inline' : 'attachment'),
      'Content-Security-Policy': file.type === 'application/pdf' ? pdfPolicy : policy,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'SAMEORIGIN',
      'Accept-Ranges': 'bytes',
      'Last-Modified': new Date(file.at).toUTCString(),
      ETag: etag,
    }
    if (holdsAlready(request.headers['if-none-match'], etag)) return { status: 304, headers, body: undefined }
    const asked = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
    const range = asked ? readRange(request.headers.range, file.bytes) : null
    if (range === 'beyond') throw new Refusal(errors.uploadRange)
    const key = { workspace: served.workspace.id, id: file.id }
    try {
      const body = await services.files.read(key, range ?? undefined)
      const length = range ? range.to - range.from + 1 : file.bytes
      return {
        status: range ? 206 : 200,
        headers: {
          ...headers,
          'Content-Length': String(length),
          ...(range ? { 'Content-Range': `bytes ${range.from}-${range.to}/${file.bytes}` } : {}),
        },
        body,
      }
    } catch (error) {
      if (!(error instanceof FileContentGone)) throw error
      services.log.error({ file: file.id, workspace: served.workspace.key }, 'A file is not in the store')
      throw new Refusal(errors.uploadContentGone)
    }
  },
})

function holdsAlready(header: string | undefined, etag: string): boolean {
  const held = (header ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''))
  return held.includes(etag) || held.includes('*')
}
