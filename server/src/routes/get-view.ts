import { Key } from '@channelwright/runtime/definition/shared.ts'
import type { ViewDefinition } from '@channelwright/runtime/definition/view.ts'
import { viewUnknown } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { findView } from '../records/client-release.ts'
import { defineRoute } from './route.ts'

export const getView = defineRoute({
  name: 'getView',
  method: 'get',
  path: '/api/v1/:workspace/views/:key',
  summary: { en: 'The definition of a view', zh: '视图定义' },
  access: 'member',
  params: Type.Object({ workspace: Type.String(), key: Key }),
  output: Type.Unsafe<ViewDefinition>(Type.Record(Type.String(), Type.Unknown())),
  errors: [viewUnknown],
  async handle({ served, actor }, { params: { key } }) {
    return { body: findView(served, actor, key) }
  },
})
