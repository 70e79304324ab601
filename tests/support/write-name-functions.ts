import { readFileSync, writeFileSync } from 'node:fs'
import { nameFunctions } from '@channelwright/runtime/logic/names/functions-sql.ts'

const file = new URL('../../server/src/publish/workspace-tables/050_names.sql', import.meta.url)

/** The functions that rules call in Postgres, as the file of every workspace holds them. */
export function nameFunctionsFile(): string {
  return `-- What company_key and similarity call: written from the runtime's own tables by tests/support/write-name-functions.ts.
${nameFunctions('{{schema}}')}`
}

export function readNameFunctionsFile(): string {
  return readFileSync(file, 'utf8')
}

if (process.argv[1]?.endsWith('write-name-functions.ts')) writeFileSync(file, nameFunctionsFile())
