import { createHmac } from 'node:crypto'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { bringAxe, findAccessFaults, measureOverflow } from '../support/axe.ts'
import {
  editor,
  flow,
  openDefinition,
  type Place,
  paste,
  registration,
  saved,
  useBuilder,
} from '../support/builder-story.ts'
import { registerDeal } from '../support/deal-cast.ts'
import { readDealPacks } from '../support/deal-workspace.ts'
import { callAs } from '../support/members.ts'
import { phone } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

const builder = useBuilder('writing')
const { begin, open, readText, change } = builder

describe('writing in the builder', () => {
  it('adds a field from the list of field types, as one step that undo takes back', async () => {
    const cast = await begin()
    const { page, context, faults } = await open(cast.admin)
    await openDefinition(page, cast, registration)
    await page.getByRole('button', { name: 'New field' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: 'Date', exact: true }).click()
    await dialog.getByLabel('Key').fill('demo_on')
    await dialog.getByLabel('Title in English').fill('Demonstration')
    await dialog.getByLabel('Title in Chinese').fill('演示日期')
    await keepPicture(page, 'builder-new-field')
    await dialog.getByRole('button', { name: 'Add field' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Not saved yet', { exact: true }).waitFor()
    await saved(page)
    const before = JSON.parse(await readText(cast, registration))
    expect(before.schema.properties.demo_on).toMatchObject({
      type: 'string',
      format: 'date',
      'x-field': 'date',
      'x-id': expect.stringMatching(/^f_[a-z0-9]{10}$/),
      title: 'Demonstration',
      'x-title': { zh: '演示日期' },
    })
    await keepPicture(page, 'builder-field-added')
    await page.keyboard.press('ControlOrMeta+Z')
    await page.getByText('Not saved yet', { exact: true }).waitFor()
    await saved(page)
    expect(JSON.parse(await readText(cast, registration)).schema.properties.demo_on).toBeUndefined()
    expect(faults).toEqual([])
    await context.close()
  })

  it('shows every kind at work before it is published', async () => {
    const cast = await begin()
    await registerDeal(builder.server, cast, cast.rep, 'Huadong Power 华东电力', '90000')
    const draft = async (place: Place, definition: object) => {
      const { status } = await callAs(builder.server.url, cast.admin)('PUT', `/api/v1/${cast.key}/drafts`, {
        body: { ...place, text: JSON.stringify(definition, null, 2), rev: 0 },
      })
      expect(status).toBe(200)
    }
    const list = { pack: 'deal_registration', path: 'views/registrations.json' }
    const rule = { pack: 'deal_registration', path: 'rules/large.json' }
    const object = JSON.parse(await readText(cast, registration))
    object.schema.properties.competitor = {
      type: 'string',
      'x-field': 'text',
      'x-id': 'f_rival',
      title: 'Competitor',
      'x-title': { zh: '竞争对手' },
    }
    await draft(registration, object)
    const view = JSON.parse(await readText(cast, list))
    await draft(list, { ...view, columns: [...view.columns, { 'x-id': 'k_rival', field: 'competitor' }] })
    await draft(rule, largeDeal)
    // By a field that the draft adds, and by one of what a record refers to.
    const bySums = { pack: 'deal_registration', path: 'views/by_rival.json' }
    await draft(bySums, {
      ...view,
      ...{ key: 'by_rival', 'x-id': 'v_by_rival', title: { en: 'By competitor', zh: '按竞争对手' } },
      group: [
        { 'x-id': 'g_tier', field: 'partner.tier' },
        { 'x-id': 'g_rival', field: 'competitor' },
      ],
      measures: [
        { 'x-id': 'm_sum', kind: 'sum', field: 'amount', title: { en: 'Expected', zh: '预计' } },
        {
          ...{ 'x-id': 'm_large', kind: 'count', title: { en: 'Large', zh: '大额' } },
          filter: { '>': [{ var: 'amount' }, 100000] },
        },
      ],
    })
    const { page, context, faults } = await open(cast.admin)
    const show = async (pack: string, path: string, picture: string, ready: () => Promise<unknown>) => {
      await openDefinition(page, cast, { pack, path })
      await ready()
      await keepPicture(page, `builder-preview-${picture}`)
    }
    const text = (words: string | RegExp) => page.getByText(words).first().waitFor()

    await show(list.pack, list.path, 'drafted-column', async () => {
      await text('DR-2026-00001')
      await text('Competitor 1')
    })
    await show(bySums.pack, bySums.path, 'drafted-sums', async () => {
      const sums = page.getByRole('row', { name: /Competitor 1/ })
      await sums.waitFor()
      expect(await sums.getByRole('cell').allTextContents()).toEqual([
        expect.stringMatching(/^\w+$/),
        'Competitor 1',
        expect.any(String),
        '¥90,000.00',
        '0',
      ])
    })
    // By quarters too, said in the form beside the text: the preview follows, and its lines open their records.
    await page.getByRole('tab', { name: 'Settings' }).click()
    const grouped = page.getByRole('group', { name: 'Grouped by' })
    await grouped.getByRole('button', { name: 'Add', exact: true }).click()
    await grouped.getByRole('combobox', { name: 'Field' }).last().click()
    await page.getByRole('option', { name: 'Expected close', exact: true }).click()
    await grouped.getByRole('combobox', { name: 'Dates by' }).last().click()
    await page.getByRole('option', { name: 'Quarter', exact: true }).click()
    await grouped.getByRole('button', { name: 'Remove: Grouped by, entry 2' }).click()
    await keepPicture(page, 'builder-settings-view')
    await page.getByRole('tab', { name: 'Preview' }).click()
    await page.getByRole('columnheader', { name: 'Expected close · Quarter' }).waitFor()
    await page.getByRole('cell', { name: /^20\d\d Q[1-4]$/ }).waitFor()
    await keepPicture(page, 'builder-preview-quarters')
    await page.getByRole('button', { name: /^Records of / }).click()
    await text('DR-2026-00001')
    await page.getByText(/Expected close between/).waitFor()
    await show(rule.pack, rule.path, 'rule', async () => {
      await text('The rule gives')
      const amount = page.getByRole('tabpanel').getByRole('textbox').first()
      const enter = async (figure: string) => {
        await amount.click()
        await page.keyboard.press('ControlOrMeta+A')
        await page.keyboard.type(figure)
      }
      await enter('90000')
      await page.locator('.cw-figure', { hasText: 'No' }).waitFor()
      await enter('250000')
      await page.locator('.cw-figure', { hasText: 'Yes' }).waitFor()
    })
    await show('registration_bonus', 'plans/registration_bonus.json', 'plan', async () => {
      await page.getByRole('textbox', { name: 'Expected amount' }).fill('330000')
      await text('¥5,900.00')
      await page.getByRole('combobox', { name: 'On one record' }).click()
      await page.getByRole('option', { name: 'DR-2026-00001' }).click()
      await text('This record does not count, so it earns nothing.')
    })
    await show('deal_registration', 'grants/partner_sales_deals.json', 'grant', async () => {
      await text('Partner: own organisation and those below')
      await page.getByRole('radio', { name: /The whole role/ }).waitFor({ state: 'attached' })
    })
    await show('deal_registration', 'views/registration_detail.json', 'detail', async () => {
      await page.getByRole('heading', { name: 'DR-2026-00001' }).waitFor()
      // It only shows: nothing in it writes.
      expect(await page.getByRole('tabpanel').getByRole('button', { name: 'Edit' }).count()).toBe(0)
    })
    await show('registration_bonus', 'views/earnings.json', 'earnings', () => text('¥3,000.00'))
    await show(flow.pack, flow.path, 'flow', async () => {
      await page.getByText('中文').click()
      await page.locator('.cw-flow-step-type', { hasText: '审批' }).first().waitFor()
      await page.locator('.react-flow__edge-text', { hasText: '同意' }).first().waitFor()
    })
    // Another period than the flow writes: both are shown beside each other.
    await builder.server.services.owner.query(
      `UPDATE ws_${cast.key}.registration SET protection = '[2026-06-29,2026-09-27)'`,
    )
    const panel = page.getByRole('tabpanel')
    await panel.getByText('试运行', { exact: true }).click()
    await panel.getByRole('combobox', { name: /^记录/ }).click()
    await page.getByRole('option', { name: 'DR-2026-00001' }).click()
    await panel.getByRole('button', { name: '试运行', exact: true }).click()
    await panel.locator('.mantine-Badge-label', { hasText: '流程结束:已批准' }).waitFor()
    await panel.getByText(/^王敏:记录字段“.*渠道经理”/).waitFor()
    await panel.locator('.cw-flow-step[data-taken="yes"]', { hasText: '生效保护' }).waitFor()
    await keepPicture(page, 'builder-preview-flow-walk')
    const isWithinScreen = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
    const wide = page.viewportSize()!
    await page.setViewportSize(phone)
    await panel.getByText('流程将写入', { exact: true }).scrollIntoViewIfNeeded()
    await keepPicture(page, 'builder-preview-flow-walk-phone')
    expect(await isWithinScreen()).toBe(true)
    await page.setViewportSize(wide)
    await panel.getByText('重放', { exact: true }).click()
    await panel.getByRole('button', { name: '重放最近 50 个' }).click()
    await panel.getByText(/^共 [1-9]\d* 个实例/).waitFor()
    await keepPicture(page, 'builder-preview-flow-replay')
    await page.setViewportSize(phone)
    await panel.getByText('重放', { exact: true }).scrollIntoViewIfNeeded()
    await keepPicture(page, 'builder-preview-flow-phone')
    expect(await isWithinScreen()).toBe(true)
    expect(faults).toEqual([])
    await context.close()
  })

  it('sets a flow by a form made of its schema, which writes into the text and undoes with it', async () => {
    const cast = await begin()
    const { page, context, faults } = await open(cast.admin, 'zh')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await bringAxe(context)
    const settled = async () => {
      await page.getByText('尚未保存', { exact: true }).waitFor()
      await page.getByText('草稿已保存', { exact: true }).waitFor()
      return JSON.parse(await readText(cast, flow)).settings
    }
    await openDefinition(page, cast, flow)
    await page.getByRole('tab', { name: '设置' }).click()
    const panel = page.getByRole('tabpanel')
    const choose = async (label: string, option: string) => {
      await panel.getByRole('combobox', { name: label, exact: true }).click()
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    await choose('结束时通知', '记录中的人员')
    await panel.getByRole('button', { name: '添加', exact: true }).click()
    // Not said yet whose: told beside it, before it is saved or published.
    await panel.locator('.mantine-InputWrapper-error').first().waitFor()
    await keepPicture(page, 'builder-settings-problem-zh')
    await choose('人员字段', '伙伴 · 渠道经理')
    await panel.locator('.mantine-InputWrapper-error').first().waitFor({ state: 'detached' })
    await choose('金额', '保护天数')
    await panel.getByRole('checkbox', { name: '到期自动结束' }).check()
    await panel.getByRole('textbox', { name: '时长' }).fill('45')
    await panel.getByLabel('到期时写入:添加字段').click()
    await page.getByRole('option', { name: '状态', exact: true }).click()
    await panel.getByRole('textbox', { name: '退回次数上限' }).fill('3')
    expect(await settled()).toMatchObject({
      tellEnd: [{ kind: 'applicant' }, { kind: 'field', path: 'partner.channel_manager' }],
      amount: 'protection_days',
      expire: { after: 45, unit: 'day', values: { state: 'draft' } },
      returnCap: 3,
    })
    // A rule is written as a formula; one that cannot be read stays with whoever writes it.
    const written = panel.getByRole('combobox', { name: '状态', exact: true })
    await written.last().click()
    await page.getByRole('option', { name: '按公式', exact: true }).click()
    const formula = panel.getByRole('textbox', { name: '状态', exact: true })
    await formula.fill('IF(预计金额 > 100,')
    await panel.locator('.mantine-InputWrapper-error').first().waitFor()
    await formula.fill('IF(预计金额 > 100, "rejected", "draft")')
    expect((await settled()).onWithdraw).toEqual({
      state: { if: [{ '>': [{ var: 'amount' }, 100] }, 'rejected', 'draft'] },
    })
    await keepPicture(page, 'builder-settings-zh')
    expect(await findAccessFaults(page)).toEqual([])
    await panel.getByRole('checkbox', { name: '到期自动结束' }).uncheck()
    expect((await settled()).expire).toBeUndefined()
    await editor(page).click()
    await page.keyboard.press('ControlOrMeta+Z')
    expect((await settled()).expire).toMatchObject({ after: 45 })
    await page.setViewportSize(phone)
    await page.getByRole('tab', { name: '设置' }).scrollIntoViewIfNeeded()
    await keepPicture(page, 'builder-settings-phone-zh')
    expect(await measureOverflow(page)).toBeLessThanOrEqual(0)
    await context.close()
    const english = await open(cast.admin, 'en', phone)
    await openDefinition(english.page, cast, flow)
    await english.page.getByRole('tab', { name: 'Settings' }).click()
    await english.page.getByText('Told of the end').first().scrollIntoViewIfNeeded()
    await keepPicture(english.page, 'builder-settings-phone-en')
    await english.page.setViewportSize({ width: 1280, height: 2000 })
    await keepPicture(english.page, 'builder-settings-en')
    expect(await measureOverflow(english.page)).toBeLessThanOrEqual(0)
    expect([...faults, ...english.faults]).toEqual([])
    await english.context.close()
  })

  it('names who uses a field that is renamed, and completes and explains what is written', async () => {
    const cast = await begin()
    const { page, context, faults } = await open(cast.admin)
    await change(page, cast, registration, (object) => {
      const { contact_phone, ...rest } = object.schema.properties
      object.schema.properties = { ...rest, contact_mobile: contact_phone }
    })
    const note = page.getByRole('alert').filter({ hasText: 'contact_phone is contact_mobile now' })
    await note.getByRole('link', { name: 'Form: Register a deal' }).waitFor()
    await note.getByRole('link', { name: 'View: Deal registration' }).waitFor()
    await note.getByRole('link', { name: 'Grant: Partner sales: deals' }).waitFor()
    await keepPicture(page, 'builder-impact')
    await page.getByRole('tab', { name: 'Difference' }).click()
    await page.getByText('has the key "contact_mobile" now (was "contact_phone")').first().waitFor()

    // A rule's path: what is written up to the cursor, then the choice of what fits there.
    await openDefinition(page, cast, flow)
    const whole = await readText(cast, flow)
    const before = whole.slice(0, whole.indexOf('"state"'))
    await paste(page, before)
    const offered = page.locator('.cm-tooltip-autocomplete li')
    await page.keyboard.type('"amo')
    await offered.filter({ hasText: 'Expected amount' }).first().waitFor()
    await keepPicture(page, 'builder-completes-path')
    await page.keyboard.press('Escape')
    await paste(page, whole.slice(0, whole.indexOf('"=="')))
    await page.keyboard.type('"date')
    await offered.filter({ hasText: 'date_add' }).first().waitFor()
    await keepPicture(page, 'builder-completes-operator')
    await page.keyboard.press('Escape')
    await paste(page, whole)
    // Only what is seen is drawn.
    await page.keyboard.press('ControlOrMeta+Home')
    const help = page.locator('.cw-editor-help', { hasText: 'equals' })
    // Help comes to a pointer that rests, and goes when the editor redraws: a person would point again.
    await expect
      .poll(async () => {
        await page.mouse.move(0, 0)
        await editor(page).getByText('"=="', { exact: true }).first().hover()
        return help.waitFor({ timeout: 2_000 }).then(
          () => true,
          () => false,
        )
      })
      .toBe(true)
    expect(faults).toEqual([])
    await context.close()
  })

  it('makes a secret for the messages of another system, shows what came of them, and replaces it', async () => {
    const cast = await begin()
    const sources = [...(await readDealPacks()), paidLine]
    await publishSources(builder.server.services, cast.deal.workspace, sources)
    const { page, context, faults } = await open(cast.admin, 'zh')
    await bringAxe(context)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`/builder/hooks?workspace=${cast.key}`)
    const dialog = page.getByRole('dialog')
    const press = (at: Page | typeof dialog, name: string) =>
      at.getByRole('button', { name, exact: true }).click()
    const lookAt = async (name: string) => {
      await keepPicture(page, `builder-hooks-${name}`)
      expect(await findAccessFaults(page), name).toEqual([])
      expect(await measureOverflow(page), name).toBeLessThanOrEqual(0)
    }
    await page.getByText('未开通').waitFor()
    await press(page, '生成密钥')
    await press(dialog, '生成密钥')
    const shown = dialog.getByRole('textbox', { name: '密钥' })
    const secret = await shown.inputValue()
    expect(secret).toMatch(/^whsec_/)
    await dialog.getByText('curl -X POST').waitFor()
    await lookAt('secret')
    await press(dialog, '已保存,关闭')
    await page.getByText('接收中').waitFor()
    expect(await page.content()).not.toContain(secret)

    const say = (body: string, id: string) =>
      callAs(builder.server.url, null)('POST', `/hooks/${cast.key}/paid_line`, {
        raw: body,
        headers: signMessage(body, id, secret),
      })
    expect((await say('{"code":"NEW"}', 'm1')).status).toBe(422)
    await page.reload()
    await page.getByText('已拒绝:HOOK_INVALID').waitFor()
    expect((await say('{"code":"NEW","name":"Storage"}', 'm2')).status).toBe(200)
    await page.setViewportSize(phone)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.reload()
    await page.getByRole('link', { name: '已启动流程实例' }).waitFor()
    await press(page, '发送示例')
    await page.getByText('curl -X POST').waitFor()
    await lookAt('phone')
    await press(page, '更换密钥')
    await press(dialog, '更换密钥')
    expect(await shown.inputValue()).not.toBe(secret)
    await dialog.getByText(/^旧密钥有效至/).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })
})

/** A flow that another system begins: a line of products that it tells of. */
const paidLine = {
  pack: 'deal_registration',
  path: 'flows/paid_line.json',
  text: JSON.stringify({
    kind: 'flow/1',
    key: 'paid_line',
    'x-id': 'fl_paid_line',
    title: { en: 'New product lines', zh: '新产品线同步' },
    object: 'product_line',
    trigger: {
      type: 'webhook',
      input: {
        type: 'object',
        properties: { code: { type: 'string', maxLength: 20 }, name: { type: 'string', maxLength: 200 } },
        required: ['code', 'name'],
      },
      values: { code: { var: '$input.code' }, name: { var: '$input.name' } },
      match: 'code',
    },
    nodes: [
      { 'x-id': 'n_start', type: 'start', title: { en: 'Start', zh: '开始' } },
      { 'x-id': 'n_end', type: 'end', title: { en: 'Taken', zh: '已接收' }, outcome: 'taken' },
    ],
    edges: [{ 'x-id': 'e1', from: 'n_start', to: 'n_end' }],
  }),
}

/** As a sender that knows Standard Webhooks signs. */
function signMessage(body: string, id: string, secret: string): Record<string, string> {
  const at = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` }
}

const largeDeal = {
  kind: 'rule/1',
  key: 'large',
  'x-id': 'r_large',
  title: { en: 'A large deal', zh: '大单' },
  inputs: {
    type: 'object',
    properties: {
      amount: { type: 'string', format: 'decimal', 'x-scale': 2, title: 'Amount', 'x-title': { zh: '金额' } },
    },
    required: ['amount'],
  },
  result: { type: 'boolean' },
  rule: { '>=': [{ var: 'amount' }, 100000] },
}
