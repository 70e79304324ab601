import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bringAxe, findAccessFaults, measureOverflow } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { approveDeal, castDeal, type DealCast, registerDeal } from '../support/deal-cast.ts'
import { type LiveServer, startLiveServer } from '../support/live-server.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { desk, phone, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

const screens = [
  { locale: 'zh', viewport: phone, scheme: 'light', name: 'on a phone in Chinese' },
  { locale: 'en', viewport: desk, scheme: 'light', name: 'at a desk in English' },
  { locale: 'en', viewport: phone, scheme: 'dark', name: 'on a phone in English, dark' },
] as const

const words = {
  zh: {
    next: '下一步',
    name: '客户名称',
    newField: '新建字段',
    notFound: '页面不存在',
    how: /如何计算|怎么算|计算过程/,
  },
  en: {
    next: 'Next',
    name: 'Customer',
    newField: 'New field',
    notFound: 'This page does not exist',
    how: 'How was this computed?',
  },
} as const

let server: LiveServer
let browser: Browser
let cast: DealCast
let approved: string
let invitation: string

beforeAll(async () => {
  server = await startLiveServer()
  browser = await openBrowser()
  cast = await castDeal(server, 'access')
  approved = await registerDeal(server, cast, cast.rep, 'Huadong Power 华东电力', '330000')
  await approveDeal(server, cast, cast.manager, approved)
  await registerDeal(server, cast, cast.rep, '第二客户有限公司', '120000')
  invitation = new URL(await invite(cast)).pathname
  await waitForEarning(cast)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function invite({ key, admin }: DealCast): Promise<string> {
  const { body } = await callAs(server.url, admin)('POST', `/api/v1/${key}/invitations`, {
    body: { email: 'guest@example.test', roles: ['channel_manager'] },
  })
  return body.link
}

async function waitForEarning({ key, rep }: DealCast): Promise<void> {
  await vi.waitUntil(
    async () => {
      const { body } = await callAs(server.url, rep)('GET', `/api/v1/${key}/ledger`)
      return body.entries.length > 0
    },
    { timeout: 30_000, interval: 300 },
  )
}

interface Stop {
  readonly name: string
  readonly at: string
  readonly member?: TestMember
  /** What shows that the page stands. */
  readonly ready: (page: Page) => Promise<void>
}

describe.each(screens)('every page can be used by everybody, $name', ({ locale, viewport, scheme }) => {
  const say = words[locale]

  async function walk(stops: readonly Stop[], member: TestMember | undefined): Promise<string[]> {
    const visitor = await visit(browser, server.url, { locale, viewport, member })
    const { page, context } = visitor
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await context.addInitScript((chosen) => {
      localStorage.setItem('mantine-color-scheme-value', chosen)
    }, scheme)
    await bringAxe(context)
    const faults: string[] = []
    for (const { name, at, ready } of stops) {
      await page.goto(at)
      try {
        await ready(page)
      } catch (error) {
        await keepPicture(page, `access-missing-${locale}-${viewport.width}-${scheme}-${name}`)
        throw error
      }
      // Fades end before colours are measured.
      await page.waitForTimeout(400)
      const found = await findAccessFaults(page)
      const overflow = await measureOverflow(page)
      if (overflow > 0) found.push(`${overflow} px wider than the window`)
      await keepPicture(page, `access-${locale}-${viewport.width}-${scheme}-${name}`)
      faults.push(...found.map((fault) => `${name}: ${fault}`))
    }
    faults.push(...visitor.faults)
    await context.close()
    return faults
  }

  const notFound = (page: Page) => page.getByRole('heading', { name: say.notFound }).waitFor()
  const heading = (page: Page) => page.getByRole('heading', { level: 1 }).first().waitFor()

  it('before anybody signs in', async () => {
    const faults = await walk(
      [
        { name: 'sign-in', at: '/sign-in', ready: (page) => page.locator('input[type=password]').waitFor() },
        {
          name: 'invitation',
          at: invitation,
          ready: (page) => page.locator('input[type=password]').waitFor(),
        },
        { name: 'invitation-gone', at: '/invitation/nothing-of-the-kind-00000000', ready: heading },
      ],
      undefined,
    )
    expect(faults).toEqual([])
  })

  it('for a partner: home, lists, a record, a form, earnings', async () => {
    const { key } = cast
    const secondStep = async (page: Page) => {
      await page.getByLabel(say.name, { exact: false }).first().fill('Third customer')
      await page.getByRole('button', { name: say.next }).click()
      await page.locator('input').nth(2).waitFor()
    }
    const faults = await walk(
      [
        { name: 'home', at: `/w/${key}/`, ready: heading },
        {
          name: 'list',
          at: `/w/${key}/v/registrations`,
          ready: (page) =>
            page
              .getByText(/DR-\d{4}/)
              .first()
              .waitFor(),
        },
        {
          name: 'record',
          at: `/w/${key}/v/registration_detail/${approved}`,
          ready: (page) => page.getByText('5,900.00').first().waitFor(),
        },
        {
          name: 'explanation',
          at: `/w/${key}/v/registration_detail/${approved}`,
          ready: async (page) => {
            await page.getByText('5,900.00').first().click()
            await page
              .getByText(/900\.00/)
              .first()
              .waitFor()
          },
        },
        {
          name: 'earnings',
          at: `/w/${key}/v/earnings`,
          ready: (page) => page.getByText('5,900.00').first().waitFor(),
        },
        {
          name: 'earnings-explanation',
          at: `/w/${key}/v/earnings`,
          ready: async (page) => {
            await page.getByText('5,900.00').first().waitFor()
            await page.getByRole('button', { name: say.how }).first().click()
            await page.getByRole('dialog').waitFor()
          },
        },
        {
          name: 'form-1',
          at: `/w/${key}/f/registration_new`,
          ready: (page) => page.getByRole('button', { name: say.next }).waitFor(),
        },
        {
          name: 'form-1-refused',
          at: `/w/${key}/f/registration_new`,
          ready: async (page) => {
            await page.getByRole('button', { name: say.next }).click()
            await page.getByRole('alert').first().waitFor()
          },
        },
        { name: 'form-2', at: `/w/${key}/f/registration_new`, ready: secondStep },
        { name: 'not-found', at: `/w/${key}/v/nothing_here`, ready: notFound },
        { name: 'not-found-outside', at: '/nowhere', ready: notFound },
      ],
      cast.rep,
    )
    expect(faults).toEqual([])
  })

  it('for a manager: home, the inbox and a decision', async () => {
    const { key } = cast
    const task = (page: Page) => page.getByText(/DR-\d{4}/).first()
    const faults = await walk(
      [
        { name: 'staff-home', at: `/w/${key}/`, ready: heading },
        { name: 'inbox', at: `/w/${key}/inbox`, ready: (page) => task(page).waitFor() },
        {
          name: 'decision',
          at: `/w/${key}/inbox`,
          ready: async (page) => {
            await task(page).click()
            await page.locator('textarea').first().waitFor()
          },
        },
      ],
      cast.manager,
    )
    expect(faults).toEqual([])
  })

  it('for an admin: the whole builder', async () => {
    const { key } = cast
    const definition = (path: string) =>
      `/builder/definition?${new URLSearchParams({ workspace: key, pack: 'deal_registration', path })}`
    const editor = (page: Page) => page.locator('.cm-content').first().waitFor()
    await callAs(server.url, cast.admin)('PUT', `/api/v1/${key}/drafts`, {
      body: await draftOf(cast),
    })
    const faults = await walk(
      [
        {
          name: 'builder-definitions',
          at: `/builder?workspace=${key}`,
          ready: (page) => page.getByText('forms/registration_new.json').waitFor(),
        },
        {
          name: 'builder-object',
          at: definition('objects/registration.json'),
          ready: editor,
        },
        {
          name: 'builder-form',
          at: definition('forms/registration_new.json'),
          ready: async (page) => {
            await editor(page)
            await page.getByRole('button', { name: say.next }).waitFor()
          },
        },
        {
          name: 'builder-flow',
          at: definition('flows/registration_approval.json'),
          ready: async (page) => {
            await editor(page)
            await page.locator('.cw-flow-step').first().waitFor()
          },
        },
        {
          name: 'builder-difference',
          at: definition('forms/registration_close.json'),
          ready: async (page) => {
            await editor(page)
            await page.getByRole('tab').nth(2).click()
            await page.locator('.cm-content').nth(1).waitFor()
          },
        },
        {
          name: 'builder-changes',
          at: `/builder/changes?workspace=${key}`,
          ready: (page) => page.locator('textarea').first().waitFor(),
        },
        {
          name: 'builder-view',
          at: definition('views/registrations.json'),
          ready: async (page) => {
            await editor(page)
            await page
              .getByText(/DR-\d{4}/)
              .first()
              .waitFor()
          },
        },
        {
          name: 'builder-new-field',
          at: definition('objects/registration.json'),
          ready: async (page) => {
            await editor(page)
            await page.getByRole('button', { name: say.newField }).click()
            await page.getByRole('dialog').waitFor()
          },
        },
        {
          name: 'builder-not-found',
          at: '/builder/nothing-here',
          ready: notFound,
        },
        {
          name: 'builder-releases',
          at: `/builder/releases?workspace=${key}`,
          ready: (page) => page.getByRole('listitem').first().waitFor(),
        },
        { name: 'builder-cases', at: `/builder/cases?workspace=${key}`, ready: heading },
        {
          name: 'builder-members',
          at: `/builder/members?workspace=${key}`,
          ready: (page) => page.getByText('王敏').first().waitFor(),
        },
      ],
      cast.admin,
    )
    expect(faults).toEqual([])
  })
})

/** A small change that the pages about changes can show. */
async function draftOf({ key, admin }: DealCast) {
  const where = { pack: 'deal_registration', path: 'forms/registration_close.json' }
  const { body } = await callAs(server.url, admin)(
    'GET',
    `/api/v1/${key}/definitions/source?${new URLSearchParams(where)}`,
  )
  const text = JSON.stringify(
    { ...JSON.parse(body.released), description: { en: 'Close', zh: '结束' } },
    null,
    2,
  )
  return { ...where, text, rev: body.draft?.rev ?? 0 }
}
