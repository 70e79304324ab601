import Type from 'typebox'
import { planDrafts as plan } from '../publish/publish-drafts.ts'
import { asPlain, PlanShape, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const planDrafts = defineRoute({
  name: 'planDrafts',
  method: 'post',
  path: '/api/v1/:workspace/drafts/plan',
  summary: { en: 'What publishing the drafts would change', zh: '发布草稿将带来的变更' },
  access: { right: 'design' },
  params: WorkspaceParams,
  body: Type.Object({}, { additionalProperties: false }),
  output: PlanShape,
  async handle({ services, workspace }) {
    return { body: asPlain(await plan(services, workspace)) }
  },
})
