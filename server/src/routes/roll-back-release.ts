import { releaseNotFound } from '@channelwright/runtime/errors/publishing.ts'
import Type from 'typebox'
import { readPublication, startPublication } from '../publish/publications.ts'
import { rollBack } from '../publish/publish-drafts.ts'
import { asPlain, PublicationShape, ReleaseParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const rollBackRelease = defineRoute({
  name: 'rollBackRelease',
  method: 'post',
  path: '/api/v1/:workspace/releases/:number/rollback',
  summary: {
    en: 'Begin to bring an earlier release back, as a new one',
    zh: '开始将早期发布版恢复为新的发布版',
  },
  access: { right: 'publish' },
  params: ReleaseParams,
  body: Type.Object(
    { note: Type.Optional(Type.String({ maxLength: 2000 })) },
    { additionalProperties: false },
  ),
  output: PublicationShape,
  errors: [releaseNotFound],
  async handle({ services, workspace, actor, locale }, { params, body }) {
    // Nothing to confirm: whatever was added since leaves the screens and stays in the tables.
    const id = await startPublication(services, workspace, actor.user, (options) =>
      rollBack(services, workspace, params.number, { ...options, note: body.note ?? '', confirmed: 'all' }),
    )
    return { status: 202, body: asPlain(await readPublication(services, workspace, id, locale)) }
  },
})
