import { publicationNotFound, publicationUnderWay } from '@channelwright/runtime/errors/publishing.ts'
import Type from 'typebox'
import { cancelPublication as cancel, readPublication } from '../publish/publications.ts'
import { asPlain, PublicationShape } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const cancelPublication = defineRoute({
  name: 'cancelPublication',
  method: 'post',
  path: '/api/v1/:workspace/publications/:id/cancel',
  summary: { en: 'Cancel a publish that has not begun to change tables', zh: '取消尚未变更数据表的发布' },
  access: { right: 'publish' },
  params: Type.Object({ workspace: Type.String(), id: Type.String({ format: 'uuid' }) }),
  body: Type.Object({}, { additionalProperties: false }),
  output: PublicationShape,
  errors: [publicationNotFound, publicationUnderWay],
  async handle({ services, workspace, locale }, { params }) {
    await cancel(services, workspace, params.id)
    return { body: asPlain(await readPublication(services, workspace, params.id, locale)) }
  },
})
