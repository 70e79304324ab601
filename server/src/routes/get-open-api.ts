import Type from 'typebox'
import { buildOpenApi } from '../openapi/build-openapi.ts'
import { defineRoute } from './route.ts'

export const getOpenApi = defineRoute({
  name: 'getOpenApi',
  method: 'get',
  path: '/api/v1/:workspace/openapi.json',
  summary: { en: 'This description, for the caller', zh: '面向调用者的接口说明(OpenAPI)' },
  access: 'member',
  output: Type.Record(Type.String(), Type.Unknown()),
  async handle({ services, served, actor, locale }) {
    // The list names this route, so it is read when asked for and not while modules load.
    const { routeList } = await import('./index.ts')
    return { body: buildOpenApi(routeList, { served, actor, locale, baseUrl: services.config.baseUrl }) }
  },
})
