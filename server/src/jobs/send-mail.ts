import Type from 'typebox'
import { giveUpMails, sendNotifications } from '../flows/send-notifications.ts'
import { defineJob } from './job.ts'

/** Sends what people are told by e-mail. Each is marked once the mail server has taken it. */
export const sendMailJob = defineJob({
  name: 'send-mail',
  title: { en: 'send e-mails', zh: '发送邮件' },
  payload: Type.Object({ notifications: Type.Array(Type.String()) }, { additionalProperties: false }),
  // About a day: longer than most mail servers are down.
  maxAttempts: 12,
  run: ({ services, workspace }, payload) =>
    sendNotifications(services, workspace ?? '', payload.notifications),
  exhausted: ({ services, workspace }, payload) =>
    giveUpMails(services, workspace ?? '', payload.notifications),
})
