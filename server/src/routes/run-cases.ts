import Type from 'typebox'
import { readDraftedSources } from '../publish/publish-drafts.ts'
import { runWorkspaceCases } from '../publish/run-workspace-cases.ts'
import { asPlain, CaseResultShape, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const runCases = defineRoute({
  name: 'runCases',
  method: 'post',
  path: '/api/v1/:workspace/cases/run',
  summary: {
    en: "Run the packs' cases on the release with the drafts, in a scratch schema",
    zh: '在临时环境中对发布版与草稿运行模板包用例',
  },
  access: { right: 'design' },
  params: WorkspaceParams,
  body: Type.Object({}, { additionalProperties: false }),
  output: Type.Object({ cases: Type.Array(CaseResultShape) }),
  async handle({ services, workspace }) {
    const { sources } = await readDraftedSources(services, workspace)
    return { body: { cases: asPlain(await runWorkspaceCases(services, sources)) } }
  },
})
