import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { measureOverflow } from '../support/axe.ts'
import { dayFromNow } from '../support/deal-cast.ts'
import { partnerNames } from '../support/lead-cast.ts'
import { useLeadStory } from '../support/lead-story.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { desk, phone } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

const story = useLeadStory('arbitration')
const { faults, go, line, open, press } = story
let direct: TestMember
let admin: TestMember
const spellings = [
  '苏州工业园区恒泰精密机械制造有限公司',
  '苏州工业园区恒泰精密机械制造厂',
  '苏州工业园区恒泰精密机械',
] as const

beforeAll(async () => {
  direct = await story.cast.deal.join({ name: '高原', roles: ['direct_sales'] })
  admin = await story.cast.deal.join({ name: '陈立', roles: ['business_admin'] })
})

async function file(member: TestMember, form: string, customer_name: string, more: Record<string, string>) {
  const { status, body, text } = await callAs(story.server.url, member)(
    'POST',
    `/api/v1/${story.cast.key}/records/registration?form=${form}`,
    {
      body: {
        customer_name,
        product_line: story.cast.line,
        amount: '280000.00',
        close_on: dayFromNow(60),
        ...more,
      },
    },
  )
  expect(status, text).toBe(201)
  return body.record.id as string
}
/** Keeps files that a page sends on their way until they are let arrive. */
async function holdFiles(page: Page): Promise<() => void> {
  let arrive: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    arrive = resolve
  })
  await page.route('**/files', async (route) => {
    await gate
    // One that was taken back meanwhile is no request any more.
    await route.continue().catch(() => undefined)
  })
  return arrive
}
/** The business administrator corrects the record of the case that a task is about. */
async function amendRuling(task: string, ruling: string) {
  const call = callAs(story.server.url, admin)
  const at = `/api/v1/${story.cast.key}`
  const { body } = await callAs(story.server.url, story.cast.manager)('GET', `${at}/tasks/${task}`)
  const headers = { 'if-match': `"${body.record_rev}"` }
  const done = await call('PATCH', `${at}/records/conflict/${body.record}`, { body: { ruling }, headers })
  expect(done.status, done.text).toBe(200)
}
const stateOf = async (id: string) =>
  (
    await callAs(story.server.url, story.cast.manager)(
      'GET',
      `/api/v1/${story.cast.key}/records/registration/${id}`,
    )
  ).body.record.state

/** The record of a meeting, signed, as a scanner would hand it over: one empty page. */
const minutesOfMeeting = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)

it('freezes three spellings of one customer, decides, and reverses on appeal; both decisions stay', async () => {
  const [first, second] = story.cast.sellers
  const one = await file(first, 'registration_new', spellings[0], {})
  await story.time.pass({ minutes: 3 })
  const two = await file(second, 'registration_new', spellings[1], {
    contact_name: '顾工',
    customer_uscc: '91320594MA1MTX8R3C',
  })
  await story.time.pass({ minutes: 3 })
  const three = await file(direct, 'registration_direct', spellings[2], { contact_name: '顾工' })
  await story.time.pass({ minutes: 12 })
  expect(await Promise.all([one, two, three].map(stateOf))).toEqual(['contested', 'contested', 'contested'])

  const manager = await open(story.cast.manager, 'en', desk)
  await go(manager, '/v/conflicts')
  await manager.getByText(spellings[0]).first().click()
  await manager.getByText(partnerNames[1]).first().waitFor()
  await manager.getByText(spellings[2]).first().waitFor()
  await keepPicture(manager, 'arbitration-desk-queue')
  await go(manager, '/inbox')
  await line(manager, 'CF-').click()
  await manager.getByLabel('Ruling').fill('资料完整且最先提交。')
  await keepPicture(manager, 'arbitration-desk-decision')
  // Somebody writes into it meanwhile: nothing is decided over what was not seen, and nothing that was entered is lost.
  await amendRuling(manager.url().split('/').at(-1)!, '初步意见:待核实。')
  const changed = manager.getByText('The record has changed since you opened it.').first()
  await press(manager, 'Done')
  await changed.waitFor()
  // What it says now is told above by then; the entries still stand on what it said before.
  await manager.getByText('初步意见:待核实。').first().waitFor()
  const refused = manager.waitForResponse((answer) => answer.url().endsWith('/decision'))
  await press(manager, 'Done')
  expect((await refused).status()).toBe(409)
  await changed.waitFor()
  await keepPicture(manager, 'arbitration-desk-changed')
  await press(manager, 'Load the newest version and keep my entries')
  await manager.getByText(/^Your unsent entries/).waitFor()
  expect(await manager.getByLabel('Ruling').inputValue()).toBe('资料完整且最先提交。')
  await press(manager, 'Done')
  await manager.locator('.cw-decision').waitFor({ state: 'detached' })
  await story.time.pass({ minutes: 2 })
  expect(await Promise.all([one, two, three].map(stateOf))).toEqual(['rejected', 'approved', 'rejected'])

  // The loser reads neutral words on a phone, and appeals with the record of a meeting.
  const hand = await open(first, 'zh', phone)
  await go(hand, '/notifications')
  await hand
    .getByText(/未获确认/)
    .first()
    .waitFor()
  expect(await hand.getByText('明远').count()).toBe(0)
  await keepPicture(hand, 'arbitration-phone-told')
  await go(hand, '/v/my_filings')
  await hand.getByText(spellings[0]).first().click()
  await press(hand, '提交申诉')
  const dialog = hand.getByRole('dialog')
  await dialog.getByLabel('申诉理由').fill('上周已与客户技术总监会面并提交方案。')
  await dialog.getByLabel('会面日期').fill(dayFromNow(-5))
  await dialog.getByLabel('会议记录').fill('参会:顾工、张磊;议题:产线服务器选型;客户签字纪要。')
  // The network is slow: what was begun goes off by itself once the file is there, unless the file is taken back.
  const arrive = await holdFiles(hand)
  const minutes = { name: '会议纪要.pdf', mimeType: 'application/pdf', buffer: minutesOfMeeting }
  const chooseFile = () => dialog.locator('input[type=file]').first().setInputFiles(minutes)
  const send = dialog.getByRole('button', { name: '提交申诉', exact: true })
  const waits = dialog.getByText('文件上传完成后自动继续。')
  await chooseFile()
  await send.click()
  await waits.waitFor()
  await keepPicture(hand, 'arbitration-phone-waiting')
  await dialog.getByRole('button', { name: '取消', exact: true }).first().click()
  await waits.waitFor({ state: 'detached' })
  await chooseFile()
  await keepPicture(hand, 'arbitration-phone-appeal')
  expect(await measureOverflow(hand)).toBeLessThanOrEqual(0)
  await send.click()
  await waits.waitFor()
  arrive()
  await dialog.waitFor({ state: 'detached' })

  const director = await open(story.cast.director, 'zh', desk)
  await go(director, '/inbox')
  await line(director, 'AP-').click()
  // The record of the meeting is at hand where it is decided about.
  await director.getByText('会议纪要.pdf').first().waitFor()
  await director.getByLabel(/意见/).first().fill('会议纪要属实,早于对方首次接触。')
  await keepPicture(director, 'arbitration-desk-appeal')
  await press(director, '同意')
  await director.locator('.cw-decision').waitFor({ state: 'detached' })
  await story.time.pass({ minutes: 2 })
  expect(await Promise.all([one, two, three].map(stateOf))).toEqual(['approved', 'rejected', 'rejected'])

  await go(manager, '/v/conflicts')
  await manager.getByText('Reversed on appeal').first().waitFor()
  await keepPicture(manager, 'arbitration-desk-list')
  await manager.getByText(spellings[0]).first().click()
  await manager.getByText('First decision').first().waitFor()
  await manager.getByText(spellings[1]).first().waitFor()
  await keepPicture(manager, 'arbitration-desk-reversed')
  await go(manager, '/v/conflict_figures')
  const ofPartner = manager.getByRole('button', { name: partnerNames[1] })
  await ofPartner.waitFor()
  await manager.getByRole('row', { name: /^Total/ }).waitFor()
  await keepPicture(manager, 'arbitration-desk-figures')
  await manager.setViewportSize(phone)
  await ofPartner.waitFor()
  await keepPicture(manager, 'arbitration-phone-figures')
  expect(await measureOverflow(manager)).toBeLessThanOrEqual(0)
  await manager.setViewportSize(desk)
  // What stands behind a line.
  await ofPartner.click()
  await manager.getByText('Customer').first().waitFor()
  await manager.getByRole('radio', { name: 'Records' }).waitFor({ state: 'attached' })
  await keepPicture(manager, 'arbitration-desk-figures-rows')
  await manager.getByText('Sums', { exact: true }).click()
  await ofPartner.waitFor()
  expect(faults()).toEqual([])
})
