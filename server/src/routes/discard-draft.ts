import { draftChanged, draftNotFound } from '@channelwright/runtime/errors/publishing.ts'
import Type from 'typebox'
import { discardDraft as discard, readDefinitionOrNothing } from '../publish/drafts.ts'
import { asPlain, DefinitionTextShape, place, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const discardDraft = defineRoute({
  name: 'discardDraft',
  method: 'delete',
  path: '/api/v1/:workspace/drafts',
  summary: { en: 'Throw the draft of one definition away', zh: '放弃一个定义的草稿' },
  access: { right: 'design' },
  params: WorkspaceParams,
  query: Type.Object({ ...place, rev: Type.Integer({ minimum: 1 }) }),
  output: DefinitionTextShape,
  errors: [draftChanged, draftNotFound],
  async handle({ services, workspace }, { query }) {
    await discard(services, workspace, query.pack, query.path, query.rev)
    return { body: asPlain(await readDefinitionOrNothing(services, workspace, query.pack, query.path)) }
  },
})
