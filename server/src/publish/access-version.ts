import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

/** What rights and policies are made by: of this program's own sources, folders and single files. */
const makers = [
  '../access/',
  './',
  '../flows/policies.ts',
  '../incentives/policies.ts',
  '../../../runtime/src/definition/',
  '../../../runtime/src/fields/',
  '../../../runtime/src/logic/',
]

let known: Promise<string> | undefined

/**
 * Another text for every version of the program that may make other rights and policies of the same definitions: of
 * its sources, so that nobody has to remember to count.
 */
export function accessVersion(): Promise<string> {
  known ??= hashSources()
  return known
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const maker of makers) {
    const place = new URL(maker, import.meta.url)
    const names = maker.endsWith('/') ? await readdir(place, { recursive: true }) : ['']
    const files = names.filter((name) => name === '' || (/\.ts$/.test(name) && !/\.test\.ts$/.test(name)))
    const texts = await Promise.all(
      files.sort().map((name) => readFile(name === '' ? place : new URL(name.replaceAll('\\', '/'), place))),
    )
    for (const [at, text] of texts.entries()) hash.update(`${maker}${files[at]} ${text.length} `).update(text)
  }
  return hash.digest('hex')
}
