import { fieldTypes } from '@channelwright/runtime/fields/index.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type LiveServer, startLiveServer } from '../support/live-server.ts'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import { desk, phone, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'
import { putRow, tinyPack } from '../support/tiny-pack.ts'

interface Entry {
  /** What the field says beyond its type's own beginning. */
  readonly field?: JsonObject
  /** As a person enters it; `input` is what carries the field's label. */
  enter(input: Locator, page: Page): Promise<void>
  /** What the record holds afterwards. */
  readonly stored: unknown
  /** What is read on the record's page. */
  readonly shown: string
}

const type = (text: string) => async (input: Locator) => {
  await input.fill(text)
  await input.press('Tab')
}
const twoColours = [
  { const: 'red', title: 'Red', 'x-title': { zh: '红' } },
  { const: 'blue', title: 'Blue', 'x-title': { zh: '蓝' } },
]
const pick = (text: string) => async (input: Locator, page: Page) => {
  await input.click()
  await input.fill(text)
  await page.getByRole('option', { name: text }).click()
}

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Every field type as it is filled in and read. */
const entries: Readonly<Record<string, Entry>> = {
  text: { enter: type('狮子 Löwe 😀'), stored: '狮子 Löwe 😀', shown: '狮子 Löwe 😀' },
  long_text: { enter: (input) => input.fill('One\nTwo'), stored: 'One\nTwo', shown: 'One' },
  integer: { enter: type('１，２３４'), stored: 1234, shown: '1,234' },
  decimal: {
    field: { 'x-precision': 18, 'x-scale': 6 },
    enter: type('999,999,999,999.123456'),
    stored: '999999999999.123456',
    shown: '999,999,999,999.123456',
  },
  money: {
    enter: type('￥9999999999999999.99'),
    stored: '9999999999999999.99',
    shown: '¥9,999,999,999,999,999.99',
  },
  percent: { enter: type('12.5'), stored: '0.1250', shown: '12.5%' },
  boolean: { enter: (input) => input.check({ force: true }), stored: true, shown: 'Yes' },
  date: { enter: type('2028-02-29'), stored: '2028-02-29', shown: '2028' },
  datetime: {
    async enter(input, page) {
      if ((await input.getAttribute('type')) === 'datetime-local') return input.fill('2026-03-15T08:30')
      await input.click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: /^15 / }).click()
      await dialog.getByRole('spinbutton').nth(0).click()
      await page.keyboard.type('0830')
      await page.keyboard.press('Escape')
    },
    stored: expect.stringMatching(/-15T00:30:00/),
    shown: '08:30',
  },
  period: {
    async enter(_input, page) {
      await type('2026-01-01')(page.getByLabel(/^period: (first day|开始日)$/))
      await type('2026-03-31')(page.getByLabel(/^period: (last day|结束日)$/))
    },
    stored: { from: '2026-01-01', to: '2026-04-01' },
    shown: '2026',
  },
  choice: {
    field: { oneOf: twoColours },
    async enter(input, page) {
      if ((await input.evaluate((element) => element.tagName)) === 'SELECT') {
        await input.selectOption('blue')
        return
      }
      await input.click()
      await page.getByRole('option', { name: 'Blue' }).click()
    },
    stored: 'blue',
    shown: 'Blue',
  },
  multi_choice: {
    field: { items: { type: 'string', oneOf: twoColours } },
    async enter(_input, page) {
      await page.getByRole('checkbox', { name: /^(Red|红)$/ }).check()
      await page.getByRole('checkbox', { name: /^(Blue|蓝)$/ }).check()
    },
    stored: ['red', 'blue'],
    shown: 'Red',
  },
  reference: {
    field: { 'x-object': 'org' },
    enter: pick('Organisation 7'),
    stored: expect.stringMatching(/^[0-9a-f-]{36}$/),
    shown: 'Organisation 7',
  },
  user: {
    enter: pick('Wang Min'),
    stored: expect.stringMatching(/^[0-9a-f-]{36}$/),
    shown: 'Wang Min',
  },
  lines: {
    field: {
      'x-lines': {
        properties: {
          item: {
            type: 'string',
            'x-field': 'text',
            'x-id': 'l_item',
            title: 'Item',
            'x-title': { zh: '项' },
          },
        },
        required: ['item'],
      },
    },
    async enter(_input, page) {
      await page.getByRole('button', { name: /^(Add line|添加一行)$/ }).click()
      await page.locator('[data-cell="0:0"] input').first().fill('Bolt')
    },
    stored: [expect.objectContaining({ item: 'Bolt' })],
    shown: 'Bolt',
  },
  file: {
    async enter(input, page) {
      await input
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name: '报价单.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') })
      await page.getByText('报价单.csv').waitFor()
    },
    stored: [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    shown: '报价单.csv',
  },
  image: {
    async enter(input, page) {
      await input
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: onePixel })
      await page.getByText('photo.png').waitFor()
    },
    stored: [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    shown: '',
  },
  email: { enter: type('mei@example.test'), stored: 'mei@example.test', shown: 'mei@example.test' },
  phone: { enter: type('138 0013 8000'), stored: expect.stringContaining('138'), shown: '138' },
  url: { enter: type('https://example.test/a'), stored: 'https://example.test/a', shown: 'example.test' },
  sequence: { enter: async () => undefined, stored: expect.stringMatching(/^N-0000[12]$/), shown: 'N-0000' },
}

const titleOf = (name: string) => name.replace('_', ' ')
const keyOf = (name: string) => `a_${name}`

let server: LiveServer
let browser: Browser
let member: TestMember

beforeAll(async () => {
  server = await startLiveServer()
  browser = await openBrowser()
  const { services } = server
  const workspace = await createWorkspace(services, {
    key: 'kinds',
    title: { en: 'Kinds', zh: '字段' },
    timeZone: 'Asia/Shanghai',
  })
  await publishSources(services, workspace, tinyPack(addThings))
  for (let at = 1; at <= 60; at++) await putRow(services, workspace, 'org', { name: `Organisation ${at}.` })
  await addMember(services, workspace, { name: 'Wang Min', roles: ['chief'] })
  member = await addMember(services, workspace, { name: 'Chief', roles: ['chief'] })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** An object with a field of every type, its form, its list and its page. */
function addThings(definitions: Record<string, JsonObject>): void {
  const head = (kind: string, key: string) => ({ kind, key, 'x-id': `x_${key}`, title: { en: key, zh: key } })
  const properties = Object.fromEntries(
    fieldTypes.map(({ name, base }) => [
      keyOf(name),
      {
        ...base,
        'x-field': name,
        'x-id': `f_${name}`,
        title: titleOf(name),
        'x-title': { zh: titleOf(name) },
        ...entries[name]?.field,
      },
    ]),
  )
  const keys = Object.keys(properties)
  definitions['objects/thing.json'] = {
    ...head('object/1', 'thing'),
    display: keyOf('text'),
    schema: { type: 'object', additionalProperties: false, required: [], properties },
  } as JsonObject
  definitions['forms/thing_new.json'] = {
    ...head('form/1', 'thing_new'),
    object: 'thing',
    purpose: 'create',
    steps: [
      {
        'x-id': 's_all',
        title: { en: 'All', zh: '全部' },
        sections: [
          { 'x-id': 'c_all', rows: keys.filter((key) => key !== keyOf('sequence')).map((key) => [key]) },
        ],
      },
    ],
  }
  definitions['views/things.json'] = {
    ...head('view/1', 'things'),
    type: 'table',
    object: 'thing',
    // The first column is what a card of the list is called on a phone.
    columns: [keyOf('text'), ...keys.filter((key) => ![keyOf('text'), keyOf('lines')].includes(key))].map(
      (field) => ({ 'x-id': `k_${field}`, field }),
    ),
  }
  definitions['views/thing_page.json'] = {
    ...head('view/1', 'thing_page'),
    type: 'detail',
    object: 'thing',
    sections: [{ 'x-id': 'd_all', title: { en: 'All', zh: '全部' }, rows: keys.map((key) => [key]) }],
    history: true,
  }
  const chief = definitions['grants/chief.json']!
  Object.assign(chief.objects as JsonObject, {
    thing: {
      read: { rows: true, fields: ['*'] },
      create: { rows: true, fields: ['*'] },
      update: { rows: true, fields: ['*'] },
    },
  })
  Object.assign(chief, { views: ['things', 'thing_page'], forms: ['thing_new'] })
}

describe('every field type', () => {
  it('is in the story', () => {
    expect(Object.keys(entries).sort()).toEqual(fieldTypes.map(({ name }) => name).sort())
  })

  it.each([
    { locale: 'en', viewport: desk },
    { locale: 'zh', viewport: phone },
  ] as const)('is filled in and read again, $locale', async ({ locale, viewport }) => {
    const { page, context, faults } = await visit(browser, server.url, { locale, viewport, member })
    page.setDefaultTimeout(6_000)
    await page.goto('/w/kinds/f/thing_new')
    for (const [name, { enter }] of Object.entries(entries))
      await enter(page.getByLabel(titleOf(name), { exact: true }).first(), page)
    await keepPicture(page, `field-types-${locale}-form`)
    // What is not sent yet is kept on the device: with ids, whose names are asked for again.
    await page.reload()
    const person = page.getByLabel(titleOf('user'), { exact: true }).first()
    await expect.poll(() => person.inputValue()).toBe('Wang Min')
    await keepPicture(page, `field-types-${locale}-restored`)
    await page.getByRole('button', { name: /^(Submit|提交|Save|保存)$/ }).click()
    await page.waitForURL(/\/v\/thing_page\//)
    if (locale === 'en')
      for (const { shown } of Object.values(entries))
        if (shown !== '') await page.getByText(shown).first().waitFor()
    await page.getByRole('img', { name: 'photo.png' }).first().waitFor()
    await keepPicture(page, `field-types-${locale}-page`)
    const id = page.url().split('/').at(-1)
    const { body } = await callAs(server.url, member)('GET', `/api/v1/kinds/records/thing/${id}`)
    for (const [name, { stored }] of Object.entries(entries))
      expect([name, body.record[keyOf(name)]]).toEqual([name, stored])
    await page.goto('/w/kinds/v/things')
    await page.getByText('狮子 Löwe 😀').first().waitFor()
    await keepPicture(page, `field-types-${locale}-list`)
    expect(faults).toEqual([])
    await context.close()
  })
})
