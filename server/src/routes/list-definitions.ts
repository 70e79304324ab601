import { listDefinitions as list } from '../publish/drafts.ts'
import { asPlain, DefinitionListShape, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const listDefinitions = defineRoute({
  name: 'listDefinitions',
  method: 'get',
  path: '/api/v1/:workspace/definitions',
  summary: {
    en: 'Definitions of the release in force with the drafts laid over them',
    zh: '当前发布版的定义及其草稿',
  },
  access: { right: 'design' },
  params: WorkspaceParams,
  output: DefinitionListShape,
  async handle({ services, workspace }) {
    return { body: asPlain(await list(services, workspace)) }
  },
})
