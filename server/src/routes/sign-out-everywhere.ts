import Type from 'typebox'
import { defineRoute } from './route.ts'

export const signOutEverywhere = defineRoute({
  name: 'signOutEverywhere',
  method: 'delete',
  path: '/api/v1/sessions',
  summary: { en: 'Sign out on every device, this one included', zh: '在所有设备上退出登录(含本设备)' },
  access: 'user',
  output: Type.Object({ ended: Type.Integer({ minimum: 0 }) }),
  async handle({ services, people, person, request, response }) {
    const { rowCount } = await services.owner.query('DELETE FROM channelwright.session WHERE user_id = $1', [
      person.user,
    ])
    // The sessions are gone; this call lets the cookie expire too.
    await people.identity.call(request, response, '/sign-out', {})
    people.forget()
    return { body: { ended: rowCount ?? 0 } }
  },
})
