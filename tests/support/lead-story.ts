import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser } from './browser.ts'
import { createFakeClock } from './clock.ts'
import { castLeads, type LeadCast } from './lead-cast.ts'
import type { TestMember } from './members.ts'
import { letTimePass, type PassingTime } from './passing-time.ts'
import { type desk, type Visitor, visit } from './people.ts'
import { startTestServer, type TestServer } from './server.ts'

/** Opens what a story of leads and conflicts is told with, before the tests of a file, and closes it after them. */
export function useLeadStory(key: string) {
  let server: TestServer
  let browser: Browser
  let cast: LeadCast
  let time: PassingTime
  const visitors: Visitor[] = []

  beforeAll(async () => {
    // Today's date: browsers have a clock of their own, and only the server's is moved on.
    server = await startTestServer({ clock: createFakeClock(new Date().toISOString()) })
    browser = await openBrowser()
    cast = await castLeads(server, key)
    time = letTimePass(server, [key])
  })
  afterAll(async () => {
    await time?.stop()
    await browser?.close()
    await server?.close()
  })

  return {
    // Known only once everything stands.
    get server() {
      return server
    },
    get cast() {
      return cast
    },
    get time() {
      return time
    },
    /** Somebody sits down before a screen. */
    async open(member: TestMember, locale: 'en' | 'zh', viewport: typeof desk): Promise<Page> {
      const visitor = await visit(browser, server.url, { locale, viewport, member })
      visitors.push(visitor)
      await visitor.page.emulateMedia({ reducedMotion: 'reduce' })
      return visitor.page
    },
    /** What went wrong on anybody's screen. */
    faults: () => visitors.flatMap(({ faults }) => faults),
    go: (page: Page, at: string) => page.goto(`/w/${key}${at}`),
    press: (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click(),
    /** The first line of a list that holds these words. */
    line: (page: Page, words: string) => page.locator('[data-line]').filter({ hasText: words }).first(),
  }
}
