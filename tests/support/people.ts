import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { TestMember } from './members.ts'

export const desk = { width: 1280, height: 860 }
export const phone = { width: 390, height: 844 }

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** What went wrong in the page so far: scripts that threw, policy violations. Empty when all is well. */
  readonly faults: readonly string[]
}

/** One person before one screen, in one language, watched for faults. */
export async function visit(
  browser: Browser,
  url: string,
  options: { locale: 'en' | 'zh'; viewport: { width: number; height: number }; member?: TestMember },
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: options.viewport,
    locale: options.locale === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    hasTouch: options.viewport.width < 600,
  })
  context.setDefaultTimeout(20_000)
  if (options.member) {
    const [name = '', value = ''] = options.member.cookie.split('=', 2)
    await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }])
  }
  await context.addInitScript((locale) => {
    // Frames that show e-mails have no storage.
    if (window === window.top) localStorage.setItem('cw.locale', locale)
  }, options.locale)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`threw: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      faults.push(message.text())
  })
  await context.exposeFunction('reportViolation', (text: string) => faults.push(`policy: ${text}`))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as { reportViolation?: (text: string) => void }).reportViolation
      report?.(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
    })
  })
  return { page, context, faults }
}
