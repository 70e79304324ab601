import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { seeFiles } from '../files/file-rows.ts'
import { FileShape } from './file-shapes.ts'
import { defineRoute } from './route.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const listFiles = defineRoute({
  name: 'listFiles',
  method: 'get',
  path: '/api/v1/:workspace/files',
  summary: { en: 'What files are called and hold, by their ids', zh: '按标识查询文件名称与类型' },
  access: 'member',
  query: Type.Object({
    // Ids, separated by commas; a hundred at most.
    ids: Type.String({ maxLength: 3_800 }),
  }),
  output: Type.Object({ files: Type.Array(FileShape) }),
  async handle({ services, served, actor }, { query }) {
    const ids = [...new Set(query.ids.toLowerCase().split(','))].filter((id) => uuid.test(id)).slice(0, 100)
    const files = await inUnit(services, served, actor, (unit) => seeFiles(unit, ids), { readOnly: true })
    return { body: { files: files.map(({ sha256: _sha256, ...file }) => file) } }
  },
})
