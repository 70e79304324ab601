import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, invite, openAccount, signInElsewhere } from '../support/accounts.ts'
import { openBrowser } from '../support/browser.ts'
import { castDeal, type DealCast, dayFromNow, partnerName, registerDeal } from '../support/deal-cast.ts'
import { type LiveServer, startLiveServer } from '../support/live-server.ts'
import { callAs } from '../support/members.ts'
import { desk, phone, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

let server: LiveServer
let browser: Browser
let cast: DealCast
let accounts = 0

beforeAll(async () => {
  server = await startLiveServer()
  browser = await openBrowser()
  cast = await castDeal(server, 'resilience')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const newAccount = (partner = cast.partner) =>
  openAccount(server, cast.key, cast.admin, {
    email: `seller${++accounts}@example.test`,
    name: 'Sun Li',
    roles: ['partner_sales'],
    partner,
  })

const open = (locale: 'en' | 'zh', viewport = desk) => visit(browser, server.url, { locale, viewport })
const formAddress = () => `/w/${cast.key}/f/registration_new`

async function signIn(page: Page, account: Account) {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: /Hello/ }).waitFor()
}

const customerInput = (page: Page) => page.getByRole('textbox', { name: /^Customer( \*)?$/ })
const amountInput = (page: Page) => page.getByLabel('Expected amount')

/** Fills the form up to the point where only Submit is left. */
async function fillForm(page: Page, customer: string) {
  await customerInput(page).fill(customer)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Product line').first().click()
  await page.getByRole('option', { name: 'Servers' }).click()
  await amountInput(page).fill('120000')
  await page.getByLabel('Expected close').first().fill(dayFromNow(60))
  await page.keyboard.press('Tab')
}

const submit = (page: Page) => page.getByRole('button', { name: 'Submit' })
const recordPage = (page: Page) => page.waitForURL(/\/v\/registration_detail\//)

async function countOf(customer: string): Promise<number> {
  const filter = JSON.stringify({ '==': [{ var: 'customer_name' }, customer] })
  const { body } = await callAs(server.url, cast.manager)(
    'GET',
    `/api/v1/${cast.key}/records/registration?${new URLSearchParams({ filter })}`,
  )
  return body.records.length
}

describe('an invitation', () => {
  it('makes an account with a password that signs in from then on', async () => {
    const email = 'newcomer@example.test'
    const link = await invite(server, cast.key, cast.admin, {
      email,
      roles: ['partner_sales'],
      partner: cast.partner,
    })
    const { page, context, faults } = await open('zh', phone)
    await page.goto(link)
    await page.getByLabel('姓名').fill('孙丽')
    await page.locator('input[type=password]').fill('短')
    await page.getByRole('button', { name: '接受邀请' }).click()
    await page.getByRole('alert').waitFor()
    await keepPicture(page, 'resilience-invitation-weak')
    const password = 'correct horse battery staple'
    await page.locator('input[type=password]').fill(password)
    await page.getByRole('button', { name: '接受邀请' }).click()
    await page.getByRole('heading', { level: 1, name: /孙丽/ }).waitFor()
    await keepPicture(page, 'resilience-invited')
    expect(page.url()).toContain(`/w/${cast.key}`)

    await page.goto(link)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.locator('input[type=password]').count()).toBe(0)

    await context.clearCookies()
    await page.goto('/')
    await page.getByLabel('邮箱').fill(email)
    await page.getByLabel('密码', { exact: true }).fill(password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByRole('heading', { level: 1, name: /孙丽/ }).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })
})

describe('a half-filled form', () => {
  it('survives a reload, a lost network and a session ended elsewhere, and makes one record', async () => {
    const account = await newAccount()
    const { page, context, faults } = await open('en')
    await signIn(page, account)
    await page.goto(formAddress())
    await fillForm(page, 'Survivor Industries')

    await page.reload()
    await page.getByText(/Your unsent entries from/).waitFor()
    expect(await amountInput(page).inputValue()).toMatch(/120,?000/)
    await keepPicture(page, 'resilience-restored')

    await context.setOffline(true)
    await submit(page).click()
    await page.getByText('The server could not be reached.').first().waitFor()
    await keepPicture(page, 'resilience-offline')
    expect(await amountInput(page).inputValue()).toMatch(/120,?000/)
    await context.setOffline(false)

    const elsewhere = await signInElsewhere(server, account)
    expect((await callAs(server.url, elsewhere)('DELETE', '/api/v1/sessions')).status).toBeLessThan(300)
    await submit(page).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Your session has ended').waitFor()
    await dialog.getByLabel('Password', { exact: true }).click()
    await keepPicture(page, 'resilience-session-ended')
    expect(await dialog.getByLabel('E-mail').inputValue()).toBe(account.email)
    await dialog.getByLabel('Password', { exact: true }).fill(account.password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await recordPage(page)
    await page.getByText('Survivor Industries').first().waitFor()
    expect(await countOf('Survivor Industries')).toBe(1)

    // What was sent is no draft any more.
    await page.goto(formAddress())
    expect(await customerInput(page).inputValue()).toBe('')
    expect(faults).toEqual([])
    await context.close()
  })

  it('is not sent under the name of somebody who signed in meanwhile', async () => {
    const account = await newAccount()
    const { page, context, faults } = await open('en')
    const become = async ({ cookie }: { cookie: string }) => {
      const [name = '', value = ''] = cookie.split(/=(.*)/)
      await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Lax' }])
    }
    await become(await signInElsewhere(server, account))
    await page.goto(formAddress())
    await fillForm(page, 'Two Sellers Ltd')
    // In another tab somebody else signs in, of another organisation.
    await become(cast.otherRep)
    await submit(page).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Somebody else signed in').waitFor()
    await dialog.getByText(/Sign in as Sun Li to go on/).waitFor()
    await keepPicture(page, 'resilience-another-person')
    await page.setViewportSize(phone)
    await keepPicture(page, 'resilience-another-person-phone')
    await page.setViewportSize(desk)
    expect(await countOf('Two Sellers Ltd')).toBe(0)
    expect(await amountInput(page).inputValue()).toMatch(/120,?000/)
    await dialog.getByLabel('Password', { exact: true }).fill(account.password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await recordPage(page)
    expect(await countOf('Two Sellers Ltd')).toBe(1)
    await page.getByText('Sun Li').first().waitFor()
    expect(faults).toEqual([])
    await context.close()
  })

  it('is sent once however often Submit is pressed', async () => {
    const { page, context, faults } = await open('en')
    await signIn(page, await newAccount())
    await page.goto(formAddress())
    await fillForm(page, 'Impatience Ltd')
    await page.route('**/records/registration?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      await route.continue()
    })
    await submit(page).dblclick()
    await page.keyboard.press('Enter')
    await recordPage(page)
    expect(await countOf('Impatience Ltd')).toBe(1)
    expect(faults).toEqual([])
    await context.close()
  })

  it('is taken once when the answer got lost and Submit is pressed again', async () => {
    const { page, context, faults } = await open('en')
    await signIn(page, await newAccount())
    await page.goto(formAddress())
    await fillForm(page, 'Lost Answer Ltd')
    await page.route(
      '**/records/registration?*',
      async (route) => {
        await route.fetch()
        await route.abort('connectionreset')
      },
      { times: 1 },
    )
    await submit(page).click()
    await page.getByText('The server could not be reached.').first().waitFor()
    expect(await countOf('Lost Answer Ltd')).toBe(1)
    await submit(page).click()
    await recordPage(page)
    expect(await countOf('Lost Answer Ltd')).toBe(1)
    expect(faults).toEqual([])
    await context.close()
  })

  it('keeps its entries when the customer is protected already, and says until when but not for whom', async () => {
    await registerDeal(server, cast, cast.rep, 'Contested Steel 争议钢铁', '90000')
    const { page, context, faults } = await open('en')
    await signIn(page, await newAccount(cast.otherPartner))
    await page.goto(formAddress())
    await fillForm(page, 'Contested Steel 争议钢铁')
    await submit(page).click()
    const refusal = page.getByText(/already protected for this product line until/).first()
    await refusal.waitFor()
    await keepPicture(page, 'resilience-protected')
    // Ninety days, today in the vendor's own time included.
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format()
    const lastDay = new Date(Date.parse(today) + 89 * 86_400_000).toISOString().slice(0, 10)
    expect(await refusal.textContent()).toContain(lastDay)
    const shown = (await page.locator('body').textContent()) ?? ''
    expect(shown).not.toContain(partnerName)
    expect(shown).not.toContain('李娜')
    await page.getByRole('button', { name: 'Back' }).first().click()
    expect(await customerInput(page).inputValue()).toBe('Contested Steel 争议钢铁')
    expect(faults).toEqual([])
    await context.close()
  })
})

describe('a session', () => {
  it('ends on every device when a person signs out everywhere', async () => {
    const account = await newAccount()
    const here = await open('en')
    const there = await open('en', phone)
    await signIn(here.page, account)
    await signIn(there.page, account)
    await here.page.getByRole('button', { name: /Sun Li/ }).click()
    await here.page.getByRole('menuitem', { name: 'Sign out on all devices' }).click()
    await here.page.getByRole('button', { name: 'Sign in' }).waitFor()

    await there.page.goto(`/w/${cast.key}/v/registrations`)
    await there.page.getByLabel('Password', { exact: true }).waitFor()
    await keepPicture(there.page, 'resilience-signed-out-elsewhere')
    expect(await there.page.getByText(/DR-\d{4}/).count()).toBe(0)
    expect([...here.faults, ...there.faults]).toEqual([])
    await here.context.close()
    await there.context.close()
  })

  it('speaks the other language at once, without a reload and without losing what was entered', async () => {
    const { page, context, faults } = await open('en')
    await signIn(page, await newAccount())
    await page.goto(formAddress())
    await customerInput(page).fill('Polyglot Ltd')
    await page.evaluate(() => {
      document.documentElement.dataset.sameDocument = 'yes'
    })
    await page.getByRole('button', { name: /Sun Li/ }).click()
    await page.getByRole('menuitem', { name: '中文' }).click()
    await page.getByRole('heading', { level: 1, name: '报备商机' }).waitFor()
    await page.getByRole('button', { name: '下一步' }).waitFor()
    await keepPicture(page, 'resilience-other-language')
    expect(await page.getByRole('textbox', { name: /客户名称/ }).inputValue()).toBe('Polyglot Ltd')
    expect(await page.evaluate(() => document.documentElement.dataset.sameDocument)).toBe('yes')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    expect(faults).toEqual([])
    await context.close()
  })
})

describe('a keyboard', () => {
  it('is enough to sign in, open the form, fill it and submit', async () => {
    const account = await newAccount()
    const { page, context, faults } = await open('en')
    await page.goto('/')
    const password = page.getByLabel('Password', { exact: true })
    await password.waitFor()
    await tabTo(page, page.getByLabel('E-mail'))
    await page.keyboard.type(account.email)
    await tabTo(page, password)
    await page.keyboard.type(account.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /Hello/ }).waitFor()
    await tabTo(page, page.getByRole('button', { name: 'New', exact: true }))
    await page.keyboard.press('Enter')
    const item = page.getByRole('menuitem', { name: 'Register a deal' })
    await item.waitFor()
    await tabTo(page, item, 'ArrowDown')
    await page.keyboard.press('Enter')

    await customerInput(page).waitFor()
    await tabTo(page, customerInput(page))
    await page.keyboard.type('Keyboard Only Ltd')
    await tabTo(page, page.getByRole('button', { name: 'Next' }))
    await page.keyboard.press('Enter')
    const line = page.getByLabel('Product line').first()
    await line.waitFor()
    await tabTo(page, line)
    await page.keyboard.press('ArrowDown')
    await page.getByRole('option', { name: 'Servers' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await tabTo(page, amountInput(page))
    await page.keyboard.type('120000')
    await tabTo(page, page.getByLabel('Expected close').first())
    await page.keyboard.type(dayFromNow(60))
    await keepPicture(page, 'resilience-keyboard')
    await tabTo(page, submit(page))
    await page.keyboard.press('Enter')
    await recordPage(page)
    expect(await countOf('Keyboard Only Ltd')).toBe(1)
    expect(faults).toEqual([])
    await context.close()
  })
})

/** Presses Tab, or in a menu an arrow, until the element has the focus; throws when it cannot be reached. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  const handle = await target.elementHandle()
  for (let presses = 0; presses < 60; presses++) {
    if (await page.evaluate((element) => element === document.activeElement, handle)) return
    await page.keyboard.press(key)
  }
  throw new Error(`no ${key} leads to ${target}`)
}
