import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { createFakeClock } from '../support/clock.ts'
import { castLeads, type LeadCast, partnerNames } from '../support/lead-cast.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { letTimePass, type PassingTime } from '../support/passing-time.ts'
import { desk, phone, type Visitor, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let browser: Browser
let cast: LeadCast
let time: PassingTime
const visitors: Visitor[] = []
const customer = '无锡市第一人民医院'

beforeAll(async () => {
  // Today's date: browsers have a clock of their own, and only the server's is moved on.
  server = await startTestServer({ clock: createFakeClock(new Date().toISOString()) })
  browser = await openBrowser()
  cast = await castLeads(server, 'leads')
  time = letTimePass(server, [cast.key])
})
afterAll(async () => {
  await time?.stop()
  await browser?.close()
  await server?.close()
})

async function open(member: TestMember, locale: 'en' | 'zh', viewport: typeof desk): Promise<Page> {
  const visitor = await visit(browser, server.url, { locale, viewport, member })
  visitors.push(visitor)
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' })
  return visitor.page
}
const go = (page: Page, at: string) => page.goto(`/w/${cast.key}${at}`)
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
const choose = async (page: Page, label: string, option: string) => {
  await page.getByLabel(label).first().click()
  await page.getByRole('option', { name: option }).click()
}
const line = (page: Page, name: string) => page.locator('[data-line]').filter({ hasText: name }).first()

it('takes a lead from one partner that stays silent to the next, who accepts it on a phone and logs what was said', async () => {
  const [silent, seller] = cast.sellers
  const manager = await open(cast.manager, 'en', desk)
  await go(manager, '/f/lead_new')
  await manager.getByLabel('Company').fill(customer)
  await choose(manager, 'Region', 'East China')
  await choose(manager, 'Product line', 'Servers')
  await manager.getByLabel('Contact', { exact: true }).fill('钱主任')
  await manager.getByLabel('Phone').fill('+8613800138000')
  await manager.getByLabel('What they need').fill('老机房扩容,预算已批。')
  await press(manager, 'Save and distribute')
  await manager.waitForURL(/\/v\/lead_detail\//)
  const lead = manager.url().split('/').at(-1) as string

  // The first in turn stays silent: reminded after 20 hours, and gone after 24.
  const first = callAs(server.url, silent)
  await expect.poll(async () => (await first('GET', `/api/v1/${cast.key}/tasks`)).body.tasks.length).toBe(1)
  await time.pass({ hours: 20 })
  const told = await first('GET', `/api/v1/${cast.key}/notifications`)
  expect(JSON.stringify(told.body)).toContain('reminded')
  await time.pass({ hours: 4 })
  expect((await first('GET', `/api/v1/${cast.key}/records/lead/${lead}`)).status).toBe(404)

  const hand = await open(seller, 'zh', phone)
  await go(hand, '/inbox')
  await line(hand, customer).click()
  await hand.getByText('老机房扩容').first().waitFor()
  await keepPicture(hand, 'lead-phone-offered')
  await press(hand, '接受')
  await hand.locator('.cw-decision').waitFor({ state: 'detached' })
  await go(hand, `/v/lead_detail/${lead}`)
  await hand.getByText('跟进中').first().waitFor()
  for (const note of ['与信息科确认机柜数量与到货时间。', '完成现场勘查,客户要求本周报价。']) {
    await press(hand, '新增跟进')
    const dialog = hand.getByRole('dialog')
    await dialog.getByLabel('沟通内容').fill(note)
    if (note.startsWith('与')) await keepPicture(hand, 'lead-phone-activity')
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await hand.getByText('完成现场勘查').first().waitFor()
  await keepPicture(hand, 'lead-phone-accepted')
  await manager.reload()
  await manager.getByText(partnerNames[1]).first().waitFor()
  await keepPicture(manager, 'lead-desk-accepted')
  expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
})
