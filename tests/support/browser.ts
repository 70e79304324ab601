import { type Browser, chromium } from 'playwright-core'
import { prepareBrowser } from './browser-place.ts'

/** A real browser without a window. Close it when done. */
export async function openBrowser(): Promise<Browser> {
  const { executable, args, env } = await prepareBrowser()
  return chromium.launch({ executablePath: executable, args: [...args], env, headless: true })
}
