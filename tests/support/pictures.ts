import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Keeps a picture of the page in the folder CW_PICTURES names, for people to look at; does nothing without it. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.CW_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
