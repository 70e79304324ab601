import Type from 'typebox'
import { checkDrafts as check } from '../publish/publish-drafts.ts'
import { asPlain, DiagnosticShape, place, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const checkDrafts = defineRoute({
  name: 'checkDrafts',
  method: 'post',
  path: '/api/v1/:workspace/drafts/check',
  summary: {
    en: 'Check the release with all drafts and a text not saved yet',
    zh: '检查发布版、全部草稿及尚未保存的文本',
  },
  access: { right: 'design' },
  params: WorkspaceParams,
  body: Type.Object(
    {
      unsaved: Type.Optional(Type.Object({ ...place, text: Type.String() }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
  bodyLimit: 4 * 1024 * 1024,
  output: Type.Object({ diagnostics: Type.Array(DiagnosticShape) }),
  async handle({ services, workspace }, { body }) {
    return { body: { diagnostics: asPlain(await check(services, workspace, body.unsaved)) } }
  },
})
