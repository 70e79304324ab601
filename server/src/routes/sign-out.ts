import Type from 'typebox'
import { defineRoute } from './route.ts'

export const signOut = defineRoute({
  name: 'signOut',
  method: 'delete',
  path: '/api/v1/session',
  summary: { en: 'Sign out here', zh: '退出登录' },
  access: 'public',
  output: Type.Undefined(),
  success: 204,
  async handle({ people, request, response }) {
    await people.identity.call(request, response, '/sign-out', {})
    people.forget()
    return { status: 204, body: undefined }
  },
})
