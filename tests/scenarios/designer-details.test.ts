import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { castDeal, type DealCast, registerDeal } from '../support/deal-cast.ts'
import { type LiveServer, startLiveServer } from '../support/live-server.ts'
import { callAs } from '../support/members.ts'
import { desk, phone, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

// What a designer meets beside the great road: a rule from elsewhere, a calendar, a new definition, a grant in words,
// a plan that names records. At a desk in English and on a phone in Chinese.

let server: LiveServer
let browser: Browser
let cast: DealCast

beforeAll(async () => {
  server = await startLiveServer()
  browser = await openBrowser()
  cast = await castDeal(server, 'details')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const people = [
  { locale: 'en', viewport: desk },
  { locale: 'zh', viewport: phone },
] as const
type Person = (typeof people)[number]

async function open({ locale, viewport }: Person) {
  const visitor = await visit(browser, server.url, { locale, viewport, member: cast.admin })
  const say = (en: string, zh: string) => (locale === 'en' ? en : zh)
  return {
    ...visitor,
    say,
    picture: (name: string) => keepPicture(visitor.page, `details-${locale}-${name}`),
  }
}

async function openDefinition(page: Page, pack: string, path: string) {
  await page.goto(`/builder/definition?${new URLSearchParams({ pack, path, workspace: cast.key })}`)
  await page.locator('.cm-content').first().waitFor()
}

async function draft(path: string, definition: JsonObject): Promise<void> {
  const call = callAs(server.url, cast.admin)
  const place = { pack: 'deal_registration', path }
  const { body } = await call('GET', `/api/v1/${cast.key}/definitions/source?${new URLSearchParams(place)}`)
  const { status, text } = await call('PUT', `/api/v1/${cast.key}/drafts`, {
    body: { ...place, text: JSON.stringify(definition, null, 2), rev: body?.draft?.rev ?? 0 },
  })
  if (status !== 200) throw new Error(text)
}

const large = (key: string): JsonObject => ({
  kind: 'rule/1',
  key,
  'x-id': `r_${key}`,
  title: { en: 'A large deal', zh: '大单' },
  inputs: {
    type: 'object',
    properties: {
      amount: { type: 'string', format: 'decimal', 'x-scale': 2, title: 'Amount', 'x-title': { zh: '金额' } },
      region: { type: 'string', title: 'Region', 'x-title': { zh: '区域' } },
    },
    required: ['amount'],
  },
  result: { type: 'boolean' },
  rule: { '>=': [{ var: 'amount' }, 100000] },
})

describe.each(people)('a designer, $locale', (person) => {
  it('takes a rule from elsewhere once its differences are agreed to', async () => {
    const key = `large_${person.locale}`
    await draft(`rules/${key}.json`, large(key))
    const { page, context, faults, say, picture } = await open(person)
    await openDefinition(page, 'deal_registration', `rules/${key}.json`)
    await page.getByText(say('The rule gives', '规则结果')).waitFor()
    await page.getByRole('button', { name: say('More', '更多') }).click()
    await page.getByRole('menuitem', { name: /JSON-logic/ }).click()
    const dialog = page.getByRole('dialog')
    const text = dialog.getByRole('textbox')
    const take = dialog.getByRole('button', { name: say('Take it', '采用') })

    await text.fill('{"and": [')
    await dialog.getByText(say('This is not JSON', '这不是 JSON')).waitFor()
    await text.fill('{"method": [{"var": "amount"}, "toFixed"]}')
    await dialog.getByText(say('Refused', '已拒绝'), { exact: true }).waitFor()
    expect(await take.isDisabled()).toBe(true)
    await picture('import-refused')

    // A half is a half everywhere; a tenth and two tenths are three tenths here alone.
    await text.fill('{"or": [{">": [{"var": "amount"}, 250000]}, {"==": [{"+": [0.1, 0.2]}, 0.3]}]}')
    await dialog.getByRole('table').waitFor()
    await picture('import-read')
    expect(await take.isDisabled()).toBe(true)
    await dialog.getByRole('checkbox').check()
    await take.click()
    await dialog.waitFor({ state: 'detached' })
    await page.locator('.cm-content').getByText('250000').waitFor()
    await picture('import-taken')
    expect(faults).toEqual([])
    await context.close()
  })

  it('sees a calendar as its rules reckon with it', async () => {
    const { page, context, faults, picture } = await open(person)
    await openDefinition(page, 'china_calendar', 'calendars/cn.json')
    await page
      .getByText(/^\d+ .*Asia\/Shanghai/)
      .first()
      .waitFor()
    await page.getByText('2025', { exact: true }).click()
    await page.getByText(/^2025-10-01 – 2025-10-08 · /).waitFor()
    await page.getByText(/^2025-09-28 · /).waitFor()
    await picture('calendar')
    expect(faults).toEqual([])
    await context.close()
  })

  it('begins a definition of each kind from its own shape', async () => {
    const { page, context, faults, say, picture } = await open(person)
    await page.goto(`/builder?workspace=${cast.key}`)
    await page.getByRole('button', { name: say('New definition', '新建定义') }).click()
    const dialog = page.getByRole('dialog')
    const kind = dialog.getByRole('combobox', { name: say('Kind', '类型') })
    await kind.click()
    const offered = await page.getByRole('option').allTextContents()
    expect(offered).toContain(say('Calendar', '工作日历'))
    expect(offered).not.toContain(say('Pack', '模板包'))
    await picture('new-kinds')
    await page.getByRole('option', { name: say('Calendar', '工作日历'), exact: true }).click()
    await dialog.getByLabel(say('Key', '标识')).fill(`shop_${person.locale}`)
    await dialog.getByLabel(say('Title in English', '英文标题')).fill('Shop hours')
    await dialog.getByRole('button', { name: say('Create', '创建') }).click()
    await page.locator('.cm-content').getByText('"workdays"').waitFor()
    await page
      .getByText(/^\d+ .*Asia\/Shanghai/)
      .first()
      .waitFor()
    await picture('new-calendar')
    await page.goto(`/builder?workspace=${cast.key}`)
    await page.getByRole('link', { name: 'Shop hours' }).first().waitFor()
    await picture('definitions')
    expect(faults).toEqual([])
    await context.close()
  })

  it('reads a grant in words', async () => {
    const { page, context, faults, say, picture } = await open(person)
    await openDefinition(page, 'partner_master', 'grants/partner_sales.json')
    await page.getByText(say('own organisation and those below', '本组织及下级组织')).first().waitFor()
    expect(await page.getByRole('tabpanel').getByText('$user').count()).toBe(0)
    await picture('grant')
    expect(faults).toEqual([])
    await context.close()
  })

  it('goes from a plan of changes to the records it speaks of', async () => {
    const id = await registerDeal(server, cast, cast.rep, `Longname Industries ${person.locale}`, '90000')
    const { body } = await callAs(server.url, cast.admin)(
      'GET',
      `/api/v1/${cast.key}/definitions/source?pack=deal_registration&path=objects/registration.json`,
    )
    const object = JSON.parse(body.released)
    object.schema.properties.customer_name.maxLength = 5
    await draft('objects/registration.json', object)
    const { page, context, faults, say, picture } = await open(person)
    await page.goto(`/builder/changes?workspace=${cast.key}`)
    const record = page.getByRole('link', { name: new RegExp(id) })
    await record.waitFor()
    await picture('plan')
    const [portal] = await Promise.all([context.waitForEvent('page'), record.click()])
    await portal.waitForURL(new RegExp(`/v/registration_detail/${id}`))
    await portal.getByText(`Longname Industries ${person.locale}`).first().waitFor()
    await portal.close()
    await page.getByText(say('tighter limits', '限制收紧')).first().waitFor()
    expect(faults).toEqual([])
    await context.close()
  })
})
