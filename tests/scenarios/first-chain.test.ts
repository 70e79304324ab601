import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { type LiveServer, startLiveServer } from '../support/live-server.ts'
import type { TestMember } from '../support/members.ts'
import { desk, phone, type Visitor, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

const screens = [
  { locale: 'zh', viewport: phone, name: 'on a phone in Chinese' },
  { locale: 'en', viewport: desk, name: 'at a desk in English' },
] as const

const words = {
  zh: {
    register: '报备商机',
    customer: '客户名称',
    code: '客户统一社会信用代码',
    line: '产品线',
    amount: '预计金额',
    close: '预计成交日',
    note: '项目说明',
    next: '下一步',
    submit: '提交报备',
    approved: '已批准',
    waiting: '已提交',
    approve: /批准|同意/,
    comment: '意见',
    how: /如何计算|怎么算|计算过程/,
  },
  en: {
    register: 'Register a deal',
    customer: 'Customer',
    code: "Customer's credit code",
    line: 'Product line',
    amount: 'Expected amount',
    close: 'Expected close',
    note: 'What we know of the deal',
    next: 'Next',
    submit: 'Submit',
    approved: 'Approved',
    waiting: 'Submitted',
    approve: 'Approve',
    comment: 'Comment',
    how: 'How was this computed?',
  },
} as const

let server: LiveServer
let browser: Browser
const visitors: Visitor[] = []

beforeAll(async () => {
  server = await startLiveServer()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

interface Cast {
  readonly key: string
  readonly deal: DealWorkspace
  readonly rep: TestMember
  readonly manager: TestMember
  readonly director: TestMember
  readonly admin: TestMember
}

async function castPeople(key: string): Promise<Cast> {
  const deal = await createDealWorkspace(server.services, key)
  const manager = await deal.join({ name: '王敏', roles: ['channel_manager'] })
  const director = await deal.join({ name: '赵刚', roles: ['director'] })
  const admin = await deal.join({ name: '陈立', roles: ['business_admin'] })
  const partner = await deal.seed('partner', {
    legal_name: '上海云启科技有限公司',
    type: 'reseller',
    status: 'active',
    tier: 'gold',
    region: 'east',
    channel_manager: manager.user,
  })
  await deal.seed('product_line', { code: 'SRV', name: 'Servers', active: true })
  const rep = await deal.join({ name: '李娜', roles: ['partner_sales'], partner })
  return { key, deal, rep, manager, director, admin }
}

describe.each(screens)('the first chain $name', ({ locale, viewport }) => {
  const say = words[locale]
  const open = async (
    member: TestMember,
    screen = { locale, viewport } as { locale: 'en' | 'zh'; viewport: typeof desk },
  ) => {
    const visitor = await visit(browser, server.url, { ...screen, member })
    visitors.push(visitor)
    return visitor.page
  }
  const picture = (page: Page, name: string) => keepPicture(page, `first-chain-${locale}-${name}`)

  /** Fills the form and sends it; ends on the record's page and returns the record's number. */
  async function register(
    page: Page,
    cast: Cast,
    customer: string,
    amount: string,
    more?: (page: Page) => Promise<void>,
  ): Promise<string> {
    await page.goto(`/w/${cast.key}/f/registration_new`)
    await page.getByLabel(say.customer, { exact: false }).first().fill(customer)
    await page.getByRole('button', { name: say.next }).click()
    await page.getByLabel(say.line).first().click()
    await page.getByRole('option', { name: 'Servers' }).click()
    await page.getByLabel(say.amount).fill(amount)
    const inSixtyDays = new Date(Date.now() + 60 * 864e5).toISOString().slice(0, 10)
    await fillDate(page, say.close, inSixtyDays)
    if (Number(amount) >= 500_000) await page.getByLabel(say.note).fill('预算已批,二期扩容。')
    await more?.(page)
    await picture(page, 'form')
    await page.getByRole('button', { name: say.submit }).click()
    await page.waitForURL(/\/v\/registration_detail\//)
    const number = page.getByText(/DR-\d{4}-\d{5}/).first()
    await number.waitFor()
    return /DR-\d{4}-\d{5}/.exec((await number.textContent()) ?? '')?.[0] ?? ''
  }

  async function approve(member: TestMember, cast: Cast, number: string) {
    const page = await open(member)
    await page.goto(`/w/${cast.key}/inbox`)
    await page.getByText(number).first().click()
    await page.getByLabel(say.comment).fill('OK')
    await picture(page, 'decision')
    await page.getByRole('button', { name: say.approve }).click()
    await page.getByLabel(say.comment).waitFor({ state: 'detached' })
    await page.context().close()
  }

  it('registers a deal, has it approved, and shows the bonus with its arithmetic; a publish in mid-flight changes only what comes after', async () => {
    const cast = await castPeople(`chain_${locale}`)
    const page = await open(cast.rep)

    const first = await register(page, cast, 'Huadong Power 华东电力', '330000')
    await page.getByText(say.waiting).first().waitFor()
    await approve(cast.manager, cast, first)
    await page.reload()
    await page.getByText(say.approved).first().waitFor()
    // 100,000 × 1% + 200,000 × 2% + 30,000 × 3%
    await page.getByText('5,900.00').first().waitFor()
    await picture(page, 'record')
    await page.getByText('5,900.00').first().click()
    await page
      .getByText(/900\.00/)
      .first()
      .waitFor()
    await picture(page, 'explanation')

    const second = await register(page, cast, 'Second customer 第二客户', '300000')
    const inFlight = page.url()

    // The admin asks for the competitor, lets the director decide from 200,000 and pays more in the first band.
    const builder = await open(cast.admin, { locale, viewport: desk })
    await changeDefinition(builder, cast, 'deal_registration/objects/registration.json', (object) => {
      object.schema.properties.competitor = {
        type: 'string',
        maxLength: 200,
        'x-field': 'text',
        'x-id': 'f_competitor',
        title: 'Competitor',
        'x-title': { zh: '竞争对手' },
      }
    })
    await changeDefinition(builder, cast, 'deal_registration/forms/registration_new.json', (form) => {
      form.steps[1].sections[0].rows.push(['competitor'])
    })
    await changeDefinition(builder, cast, 'deal_registration/views/registration_detail.json', (view) => {
      view.sections[0].rows.push(['competitor'])
    })
    await changeDefinition(builder, cast, 'deal_registration/grants/partner_sales_deals.json', (grant) => {
      grant.objects.registration.create.fields.push('competitor')
    })
    await changeDefinition(builder, cast, 'deal_registration/flows/registration_approval.json', (flow) => {
      const toDirector = flow.edges.find((edge: { to: string }) => edge.to === 'n_director')
      toDirector.when['>='][1] = 200000
    })
    await changeDefinition(builder, cast, 'registration_bonus/plans/registration_bonus.json', (plan) => {
      plan.bands.rows[0].value = '0.015'
    })
    await publish(builder, cast, locale)

    // In flight: no director, although it is above the new threshold.
    await approve(cast.manager, cast, second)
    await page.goto(inFlight)
    await page.getByText(say.approved).first().waitFor()

    // After it: the new field is there, and the director is asked.
    const third = await register(page, cast, 'Third customer 第三客户', '250000', async (form) => {
      await form.getByLabel(locale === 'zh' ? '竞争对手' : 'Competitor').fill('Rival')
    })
    const thirdPage = page.url()
    await approve(cast.manager, cast, third)
    await page.goto(thirdPage)
    await page.getByText(say.waiting).first().waitFor()
    await approve(cast.director, cast, third)
    await page.goto(thirdPage)
    await page.getByText(say.approved).first().waitFor()
    await page.getByText('Rival').first().waitFor()

    // Back to the first release: the field goes from the form, its data stays.
    await builder.goto(`/builder/releases?workspace=${cast.key}`)
    await builder
      .getByRole('button', { name: locale === 'zh' ? '回滚到此版' : 'Roll back to this' })
      .last()
      .click()
    await builder
      .getByRole('dialog')
      .getByRole('button', { name: locale === 'zh' ? '回滚到此版' : 'Roll back to this' })
      .click()
    await builder
      .getByText(locale === 'zh' ? '发布版 3 已生效' : 'Release 3 is in force')
      .waitFor({ timeout: 60_000 })
    await picture(builder, 'rollback')
    await page.goto(`/w/${cast.key}/f/registration_new`)
    await page.getByLabel(say.customer, { exact: false }).first().fill('Fourth')
    await page.getByRole('button', { name: say.next }).click()
    await page.getByLabel(say.amount).waitFor()
    expect(await page.getByLabel(locale === 'zh' ? '竞争对手' : 'Competitor').count()).toBe(0)

    expect(visitors.flatMap((visitor) => visitor.faults)).toEqual([])
  })
})

async function fillDate(page: Page, label: string, date: string) {
  const input = page.getByLabel(label).first()
  await input.fill(date)
  await input.press('Tab')
}

/** Rewrites one definition in the builder's editor, as an admin who pastes the new text would. */
async function changeDefinition(
  page: Page,
  cast: Cast,
  file: string,
  // biome-ignore lint/suspicious/noExplicitAny: a definition's JSON is reached into freely here
  change: (definition: any) => void,
) {
  const [pack = '', ...rest] = file.split('/')
  const search = new URLSearchParams({ pack, path: rest.join('/'), workspace: cast.key })
  await page.goto(`/builder/definition?${search}`)
  const editor = page.locator('.cm-content').first()
  await editor.waitFor()
  const response = await page.request.get(`/api/v1/${cast.key}/definitions/source?${search}`)
  const definition = JSON.parse(((await response.json()) as { released: string }).released)
  change(definition)
  await editor.click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(JSON.stringify(definition, null, 2))
  await page.getByText(/^(Not saved yet|尚未保存)$/).waitFor()
  await page.getByText(/^(Draft saved|草稿已保存)$/).waitFor()
}

async function publish(page: Page, cast: Cast, locale: 'en' | 'zh') {
  await page.goto(`/builder/changes?workspace=${cast.key}`)
  await page.getByRole('button', { name: locale === 'zh' ? '发布' : 'Publish', exact: true }).waitFor()
  await keepPicture(page, `first-chain-${locale}-changes`)
  await page.getByRole('button', { name: locale === 'zh' ? '发布' : 'Publish', exact: true }).click()
  await page
    .getByText(locale === 'zh' ? '发布版 2 已生效' : 'Release 2 is in force')
    .waitFor({ timeout: 60_000 })
  await keepPicture(page, `first-chain-${locale}-published`)
}
