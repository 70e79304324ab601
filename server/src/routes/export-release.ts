import { releaseNotFound } from '@channelwright/runtime/errors/publishing.ts'
import { exportWorkspace } from '../packs/export-workspace.ts'
import { BundleShape, ReleaseParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const exportRelease = defineRoute({
  name: 'exportRelease',
  method: 'get',
  path: '/api/v1/:workspace/releases/:number/export',
  summary: { en: 'Every definition of a release, bytes as they are', zh: '发布版的全部定义,逐字节一致' },
  access: { right: 'design' },
  params: ReleaseParams,
  output: BundleShape,
  errors: [releaseNotFound],
  async handle({ services, workspace }, { params }) {
    const { release, sources } = await exportWorkspace(services, workspace.key, params.number)
    return { body: { release, files: sources.map(({ pack, path, text }) => ({ pack, path, text })) } }
  },
})
