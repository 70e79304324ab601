import { listReleases as list } from '../publish/list-releases.ts'
import { asPlain, ReleaseListShape, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const listReleases = defineRoute({
  name: 'listReleases',
  method: 'get',
  path: '/api/v1/:workspace/releases',
  summary: { en: 'Releases, newest first', zh: '发布版列表,新的在前' },
  access: { right: 'design' },
  params: WorkspaceParams,
  output: ReleaseListShape,
  async handle({ services, workspace }) {
    return { body: asPlain(await list(services, workspace)) }
  },
})
