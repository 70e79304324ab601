import { tellFailedJob } from '@channelwright/server/flows/failed-jobs.ts'
import type { Browser, Locator, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bringAxe, findAccessFaults, measureOverflow } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type LiveServer, startLiveServer } from '../support/live-server.ts'
import type { TestMember } from '../support/members.ts'
import { desk, phone, type Visitor, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'
import { castRequests, type RequestCast } from '../support/request-pack.ts'

let server: LiveServer
let browser: Browser
let cast: RequestCast
const visitors: Visitor[] = []

beforeAll(async () => {
  server = await startLiveServer()
  browser = await openBrowser()
  cast = await castRequests(server, 'approvals')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function open(
  member: TestMember,
  at: string,
  screen: { locale: 'en' | 'zh'; viewport: typeof desk; scheme?: 'dark' } = { locale: 'en', viewport: desk },
): Promise<Page> {
  const visitor = await visit(browser, server.url, { ...screen, member })
  visitors.push(visitor)
  const scheme = screen.scheme ?? 'light'
  await visitor.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await visitor.context.addInitScript((chosen) => {
    // Frames that show e-mails have no storage.
    if (window === window.top) localStorage.setItem('mantine-color-scheme-value', chosen)
  }, scheme)
  await bringAxe(visitor.context)
  await visitor.page.goto(`/w/${cast.key}${at}`)
  return visitor.page
}

const line = (page: Page, name: string) => page.locator('[data-line]').filter({ hasText: name }).first()
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()

/** The wire is cut once at `address`: it is told, and goes as soon as something else is entered. */
async function refuseOnce(
  page: Page,
  address: string,
  at: Locator,
  again: () => Promise<unknown>,
  change: () => Promise<unknown>,
) {
  await page.route(address, (route) => route.abort(), { times: 1 })
  await again()
  await at.getByRole('alert').filter({ hasText: 'The server could not be reached.' }).first().waitFor()
  await change()
  await expect.poll(() => at.getByRole('alert').count()).toBe(0)
}

/** Opens the menu beside the answers and begins a command. */
async function begin(page: Page, command: string) {
  await page.locator('.cw-decision').getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: command }).click()
}

async function pickPerson(page: Page, label: string, name: string) {
  await page.getByRole('dialog').getByLabel(label).first().fill(name)
  await page.getByRole('option', { name }).click()
}

describe('approvals with several people signed in', () => {
  it('passes a task on, asks for an opinion, sends back, submits again and approves, with counts that live', async () => {
    const lead = await open(cast.lead, '/inbox')
    await lead.getByText('Nothing waits for you').waitFor()
    await cast.submit('New server room')
    // Nobody reloads: the line comes by itself.
    await line(lead, 'New server room').click()
    await begin(lead, 'Pass on')
    await pickPerson(lead, 'To', '孙悦')
    await lead.getByRole('dialog').getByLabel('Comment').fill('You know this one')
    await keepPicture(lead, 'approvals-pass-on')
    await lead.getByRole('dialog').getByRole('button', { name: 'Pass on' }).click()
    await lead.getByText('Passed on').first().waitFor()

    const deputy = await open(cast.deputy, '/inbox')
    await line(deputy, 'New server room').click()
    await begin(deputy, 'Add people')
    await pickPerson(deputy, 'People', '赵刚')
    await deputy.keyboard.press('Escape')
    await deputy.getByRole('dialog').getByText('Only their opinion').click()
    await keepPicture(deputy, 'approvals-add-people')
    await deputy.getByRole('dialog').getByRole('button', { name: 'Add people' }).click()
    await deputy.getByText('Waiting for its turn').first().waitFor()

    const finance = await open(cast.finance, '/inbox')
    await line(finance, 'New server room').click()
    await finance.getByText('it does not count as a vote').waitFor()
    await refuseOnce(
      finance,
      '**/decision',
      finance.locator('.cw-decision'),
      () => press(finance, 'Reject'),
      () => finance.getByLabel('Comment').fill('Too dear'),
    )
    await finance.keyboard.press('Escape')
    await press(finance, 'Reject')
    await finance.locator('.cw-decision').waitFor({ state: 'detached' })

    await deputy.getByLabel('Comment').fill('kept while I look elsewhere')
    await begin(deputy, 'Send back')
    await deputy.getByRole('dialog').getByLabel('Back to').click()
    await deputy.getByRole('option', { name: 'Submitted' }).click()
    const sendBack = deputy.getByRole('dialog').getByRole('button', { name: 'Send back' })
    await deputy.getByRole('dialog').getByLabel('Comment').fill('Please find another one')
    await refuseOnce(
      deputy,
      '**/send_back',
      deputy.getByRole('dialog'),
      () => sendBack.click(),
      () => deputy.getByRole('dialog').getByLabel('Comment').fill('Please find a cheaper one'),
    )
    await sendBack.click()
    await deputy.locator('.cw-decision').waitFor({ state: 'detached' })
    // What was written and not sent is still there.
    await deputy.getByText('kept while I look elsewhere').waitFor()

    const asker = await open(cast.asker, '/inbox')
    await line(asker, 'New server room').click()
    await asker.getByText('Please find a cheaper one').first().waitFor()
    await press(asker, 'Submit again')
    await asker.locator('.cw-decision').waitFor({ state: 'detached' })

    await line(lead, 'New server room').click()
    // By keys: `a` leads to the first answer, Enter gives it.
    await lead.locator('[data-answer="0"]').waitFor()
    await lead.keyboard.press('a')
    await lead.keyboard.press('Enter')
    await lead.locator('.cw-decision').waitFor({ state: 'detached' })

    await asker.goto(`/w/${cast.key}/inbox?box=started`)
    await line(asker, 'New server room').click()
    await asker.getByText('Where it stands').waitFor()
    await asker.getByText('The way').first().click()
    await asker.locator('.cw-run-node').first().waitFor()
    await keepPicture(asker, 'approvals-run-way')

    await line(finance, 'New server room').click()
    await press(finance, 'Approve')
    const legal = await open(cast.legal, '/inbox')
    await line(legal, 'New server room').click()
    await press(legal, 'Approve')
    await legal.getByText('This is needed.').waitFor()
    // A touch by mistake is no signature; a line is.
    const pad = legal.locator('.cw-signature canvas')
    await pad.click()
    await legal.getByText('Sign here').waitFor()
    expect(await legal.getByText('Signed', { exact: true }).count()).toBe(0)
    await pad.hover()
    await legal.mouse.down()
    const middle = (await pad.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await legal.mouse.move(middle.x + middle.width / 4, middle.y + middle.height / 3, { steps: 4 })
    await legal.mouse.up()
    await legal.getByText('Signed', { exact: true }).waitFor()
    await keepPicture(legal, 'approvals-signature-drawn')
    await press(legal, 'Sign again')
    await press(legal, 'Sign as Chris Lee')
    await keepPicture(legal, 'approvals-signature')
    await press(legal, 'Approve')
    await legal.locator('.cw-decision').waitFor({ state: 'detached' })
    // Told without being asked.
    await asker.getByRole('button', { name: /Notifications, \d new/ }).click()
    await asker.getByRole('dialog').locator('.cw-note').first().waitFor()
    await keepPicture(asker, 'approvals-notifications')
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
  })

  it('withdraws, and approves several at once, each with its own answer', async () => {
    await cast.submit('Withdrawn in time')
    const asker = await open(cast.asker, '/inbox?box=started')
    await line(asker, 'Withdrawn in time').click()
    await press(asker, 'Take it back')
    await asker.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await asker.getByText('Withdrawn', { exact: true }).first().waitFor()

    for (const name of ['Chairs', 'Desks', 'Lamps']) await cast.submit(name)
    const lead = await open(cast.lead, '/inbox')
    for (const name of ['Chairs', 'Desks', 'Lamps']) {
      await line(lead, name).focus()
      await lead.keyboard.press('x')
    }
    // One is opened for a look and the list narrowed: what is chosen, begun, typed and in focus stays.
    await lead.keyboard.press('Enter')
    await lead.locator('.cw-decision').waitFor()
    const inFocus = () => lead.evaluate(() => document.activeElement?.textContent)
    expect(await inFocus()).toContain('Lamps')
    const comment = lead.locator('.cw-decision').getByLabel('Comment')
    await comment.fill('Begun')
    const search = lead.locator('#inbox-search')
    await search.pressSequentially('Lamps ')
    await line(lead, 'Desks').waitFor({ state: 'detached' })
    await lead.keyboard.type('x')
    expect(await search.inputValue()).toBe('Lamps x')
    await lead.getByText('Nothing matches').waitFor()
    await search.fill('')
    expect(await comment.inputValue()).toBe('Begun')
    await press(lead, 'Approve 3')
    await keepPicture(lead, 'approvals-batch')
    // While it runs it can't be put away: only here is told which ones went wrong.
    await lead.route(
      '**/tasks/batch',
      async (route) => {
        const runs = lead.getByRole('dialog').getByRole('button', { name: 'Cancel', disabled: true })
        await runs.waitFor()
        await lead.keyboard.press('Escape')
        await route.continue()
      },
      { times: 1 },
    )
    await lead.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click()
    await lead.getByText('3 approved').waitFor()
    await lead.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await lead.getByText('Nothing waits for you').waitFor()

    // Behind another tab it holds no connection; shown again it hears what it has missed.
    const show = (hidden: boolean) =>
      lead.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, hidden)
    const isStream = (request: Request) => request.url().includes(`/inbox/events?user=${cast.lead.user}`)
    await Promise.all([lead.waitForEvent('requestfailed', isStream), show(true)])
    await cast.submit('Shelves')
    expect(await line(lead, 'Shelves').count()).toBe(0)
    await Promise.all([lead.waitForRequest(isStream), show(false)])
    await line(lead, 'Shelves').waitFor()
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
  })

  it('marks by keys as read what is said about no case', async () => {
    const job = { title: { en: 'Mail', zh: '邮件' }, run: undefined, again: '2030-01-01T00:00:00Z' }
    await tellFailedJob(server.services, cast.key, job, new Error('the mail server is away'))
    const keeper = await open(cast.keeper, '/notifications')
    const note = keeper.locator('button.cw-note[data-unread]').first()
    await note.focus()
    await keeper.keyboard.press('Enter')
    await note.waitFor({ state: 'detached' })
    expect(await keeper.evaluate(() => document.activeElement?.className)).toContain('cw-note')
    await keepPicture(keeper, 'approvals-note-read')
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
  })

  it('leaves a page that could not be drawn behind when another one is opened', async () => {
    const { page } = await visit(browser, server.url, { locale: 'en', viewport: desk, member: cast.keeper })
    await page.route(/\/tasks\?/, (route) => route.fulfill({ json: { tasks: [{}], next: null, counts: {} } }))
    await page.goto(`/w/${cast.key}/inbox`)
    await page.getByText('This page failed to show').waitFor()
    await page.getByRole('link', { name: 'Cases' }).click()
    await page.getByText('Stuck ones first').waitFor()
  })

  it('starts a flow by its button, choosing who looks, who chooses who looks next', async () => {
    const record = await cast.submit('Second opinion')
    const asker = await open(cast.asker, `/v/request_detail/${record}`)
    await press(asker, 'Ask for a second look')
    const dialog = asker.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('Is this the right price?')
    await dialog.getByRole('button', { name: 'Ask for a second look', exact: true }).click()
    await dialog.getByText('Choose at least 1.').waitFor()
    await dialog.getByRole('alert').waitFor()
    await pickPerson(asker, 'Who is asked: First look', 'Chris Lee')
    // What was wrong has been changed: nothing says any more that it is.
    await expect.poll(() => dialog.getByRole('alert').count()).toBe(0)
    await asker.keyboard.press('Escape')
    await keepPicture(asker, 'approvals-start')
    await dialog.getByRole('button', { name: 'Ask for a second look', exact: true }).click()
    await asker.getByText('A case of this is under way.').waitFor()
    await keepPicture(asker, 'approvals-started')
    const legal = await open(cast.legal, '/inbox', { locale: 'zh', viewport: phone })
    await line(legal, 'Second opinion').click()
    await press(legal, '同意')
    await legal.getByText('请至少选择 1 人。').waitFor()
    await legal.getByLabel('再审的处理人').first().fill('王')
    await legal.getByRole('option', { name: '王敏' }).click()
    await keepPicture(legal, 'approvals-pick-next')
    await legal.locator('.cw-decision').getByLabel('审批意见').click()
    await press(legal, '同意')
    await legal.locator('.cw-decision').waitFor({ state: 'detached' })
    // What was told by e-mail is kept to be looked at while developing.
    const keeper = await open(cast.keeper, '/mail')
    await keeper.getByLabel('Search').fill('Second opinion')
    await line(keeper, 'Next look').click()
    const frame = keeper.frameLocator('.cw-mail-frame')
    await frame.getByRole('link', { name: 'Approve' }).waitFor()
    await keepPicture(keeper, 'approvals-mail')
    const [page] = await Promise.all([
      keeper.context().waitForEvent('page'),
      frame.getByRole('link', { name: 'Approve' }).click(),
    ])
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await keepPicture(page, 'approvals-mail-link')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Done: Approve.').waitFor()
    await page.goBack()
    await page.reload()
    await page.getByText('You have decided this already.').waitFor()
    await keepPicture(page, 'approvals-mail-link-closed')
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
  })
})

const screens = [
  { locale: 'zh', viewport: phone, name: 'on a phone in Chinese' },
  { locale: 'en', viewport: desk, scheme: 'dark', name: 'at a desk in English, dark' },
] as const

describe.each(screens)('the pages of approvals can be used by everybody, $name', ({ name: _, ...screen }) => {
  it('shows inbox, case, delegation, notifications, cases and figures', async () => {
    const page = await open(cast.keeper, '/runs', screen)
    const faults: string[] = []
    const look = async (name: string, at: string, ready: () => Promise<unknown>) => {
      await page.goto(`/w/${cast.key}${at}`)
      await ready()
      await page.waitForTimeout(300)
      faults.push(...(await findAccessFaults(page)).map((fault) => `${name}: ${fault}`))
      const wider = await measureOverflow(page)
      if (wider > 0) faults.push(`${name}: ${wider} px wider than the window`)
      await keepPicture(page, `approvals-${screen.locale}-${screen.viewport.width}-${name}`)
    }
    const link = page.locator('.cw-runs-table .cw-row-link').first()
    await look('runs', '/runs', () => link.waitFor())
    const run = new URL((await link.getAttribute('href')) ?? '', server.url).pathname
    await look('run', run.replace(`/w/${cast.key}`, ''), () =>
      page.locator('.cw-task-tree').first().waitFor(),
    )
    await page
      .getByText(screen.locale === 'zh' ? '流程图' : 'The way')
      .first()
      .click()
    await page.locator('.cw-run-node, .cw-step').first().waitFor()
    faults.push(...(await findAccessFaults(page)).map((fault) => `way: ${fault}`))
    await keepPicture(page, `approvals-${screen.locale}-${screen.viewport.width}-way`)
    await look('figures', '/runs/figures', () => page.locator('canvas').first().waitFor())
    await look('delegation', '/delegations', () => page.locator('form').first().waitFor())
    await look('notifications', '/notifications', () => page.locator('.cw-panel').first().waitFor())
    await look('inbox', '/inbox', () => page.locator('.cw-inbox-list').waitFor())
    expect(faults).toEqual([])
    expect(visitors.flatMap((visitor) => visitor.faults)).toEqual([])
  })
})
