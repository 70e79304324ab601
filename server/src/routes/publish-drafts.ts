import Type from 'typebox'
import { readPublication, startPublication } from '../publish/publications.ts'
import { publishDrafts as publish } from '../publish/publish-drafts.ts'
import { asPlain, PublicationShape, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const publishDrafts = defineRoute({
  name: 'publishDrafts',
  method: 'post',
  path: '/api/v1/:workspace/drafts/publish',
  summary: { en: 'Begin to publish the drafts', zh: '开始发布草稿' },
  access: { right: 'publish' },
  params: WorkspaceParams,
  body: Type.Object(
    {
      note: Type.String({ maxLength: 2000 }),
      confirmed: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000 }),
    },
    { additionalProperties: false },
  ),
  output: PublicationShape,
  async handle({ services, workspace, actor, locale }, { body }) {
    const id = await startPublication(services, workspace, actor.user, (options) =>
      publish(services, workspace, { ...options, note: body.note, confirmed: body.confirmed }),
    )
    return { status: 202, body: asPlain(await readPublication(services, workspace, id, locale)) }
  },
})
