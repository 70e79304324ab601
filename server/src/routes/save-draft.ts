import {
  definitionNotFound,
  draftChanged,
  draftPathInvalid,
  draftTextInvalid,
} from '@channelwright/runtime/errors/publishing.ts'
import Type from 'typebox'
import { saveDraft as save } from '../publish/drafts.ts'
import { asPlain, DefinitionTextShape, place, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const saveDraft = defineRoute({
  name: 'saveDraft',
  method: 'put',
  path: '/api/v1/:workspace/drafts',
  summary: { en: 'Save the draft of one definition', zh: '保存一个定义的草稿' },
  access: { right: 'design' },
  params: WorkspaceParams,
  body: Type.Object(
    { ...place, text: nullable(Type.String()), rev: Type.Integer({ minimum: 0 }) },
    { additionalProperties: false },
  ),
  // A text of a mebibyte, escaped as JSON.
  bodyLimit: 4 * 1024 * 1024,
  output: DefinitionTextShape,
  errors: [definitionNotFound, draftChanged, draftPathInvalid, draftTextInvalid],
  async handle({ services, workspace, actor }, { body }) {
    return { body: asPlain(await save(services, workspace, actor.user, body)) }
  },
})
