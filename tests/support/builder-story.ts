import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser } from './browser.ts'
import { castDeal, type DealCast } from './deal-cast.ts'
import { type LiveServer, startLiveServer } from './live-server.ts'
import { callAs, type TestMember } from './members.ts'
import { desk, visit } from './people.ts'

// What stories of the builder have in common: places of definitions, the editor, drafts.

export const registration = { pack: 'deal_registration', path: 'objects/registration.json' }
export const flow = { pack: 'deal_registration', path: 'flows/registration_approval.json' }
export const form = { pack: 'deal_registration', path: 'forms/registration_new.json' }
export interface Place {
  readonly pack: string
  readonly path: string
}

export const addressOf = (cast: DealCast, place: Place) =>
  `/builder/definition?${new URLSearchParams({ ...place, workspace: cast.key })}`

export const editor = (page: Page) => page.locator('.cm-content').first()
export const saved = (page: Page) => page.getByText('Draft saved', { exact: true }).waitFor()

export async function openDefinition(page: Page, cast: DealCast, place: Place) {
  await page.goto(addressOf(cast, place))
  await editor(page).waitFor()
}

/** Puts a whole text into the editor, as one who pastes it. */
export async function paste(page: Page, text: string) {
  await editor(page).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}

export const publishButton = (page: Page) => page.getByRole('button', { name: 'Publish', exact: true })
export const changesOf = (cast: DealCast) => `/builder/changes?workspace=${cast.key}`

/** Opens a server and a browser before the tests of a file and closes them after. Keys of workspaces begin with `prefix`. */
export function useBuilder(prefix: string) {
  let server: LiveServer
  let browser: Browser
  let stories = 0

  beforeAll(async () => {
    server = await startLiveServer()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  /** A workspace of its own for every story. */
  const begin = () => castDeal(server, `${prefix}_${++stories}`)

  const open = (member: TestMember, locale: 'en' | 'zh' = 'en', viewport = desk) =>
    visit(browser, server.url, { locale, viewport, member })

  async function readText(cast: DealCast, place: Place): Promise<string> {
    const { body } = await callAs(server.url, cast.admin)(
      'GET',
      `/api/v1/${cast.key}/definitions/source?${new URLSearchParams({ ...place })}`,
    )
    return body.draft?.text ?? body.released
  }

  /** Changes a definition on its page and waits until the draft is saved. */
  async function change(
    page: Page,
    cast: DealCast,
    place: Place,
    // biome-ignore lint/suspicious/noExplicitAny: a definition's JSON is reached into freely here
    edit: (definition: any) => void,
  ) {
    const definition = JSON.parse(await readText(cast, place))
    edit(definition)
    await openDefinition(page, cast, place)
    await paste(page, JSON.stringify(definition, null, 2))
    await page.getByText('Not saved yet', { exact: true }).waitFor()
    await saved(page)
  }

  return {
    // Known only once they stand.
    get server() {
      return server
    },
    get browser() {
      return browser
    },
    begin,
    open,
    readText,
    change,
  }
}
