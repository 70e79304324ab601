import { publicationNotFound } from '@channelwright/runtime/errors/publishing.ts'
import Type from 'typebox'
import { readPublication } from '../publish/publications.ts'
import { asPlain, PublicationShape } from './definition-shapes.ts'
import { defineRoute } from './route.ts'

export const getPublication = defineRoute({
  name: 'getPublication',
  method: 'get',
  path: '/api/v1/:workspace/publications/:id',
  summary: { en: 'How far a publish is', zh: '一次发布的进度' },
  access: { right: 'design' },
  params: Type.Object({ workspace: Type.String(), id: Type.String({ format: 'uuid' }) }),
  output: PublicationShape,
  errors: [publicationNotFound],
  async handle({ services, workspace, locale }, { params }) {
    return { body: asPlain(await readPublication(services, workspace, params.id, locale)) }
  },
})
