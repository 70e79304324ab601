import { definitionNotFound } from '@channelwright/runtime/errors/publishing.ts'
import Type from 'typebox'
import { readDefinition } from '../publish/drafts.ts'
import { asPlain, DefinitionTextShape, place, WorkspaceParams } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const getDefinitionSource = defineRoute({
  name: 'getDefinitionSource',
  method: 'get',
  path: '/api/v1/:workspace/definitions/source',
  summary: { en: 'Text of a definition in force, and of its draft', zh: '定义的发布文本及草稿文本' },
  access: { right: 'design' },
  params: WorkspaceParams,
  query: Type.Object(place),
  output: DefinitionTextShape,
  errors: [definitionNotFound],
  async handle({ services, workspace }, { query }) {
    return { body: asPlain(await readDefinition(services, workspace, query.pack, query.path)) }
  },
})
