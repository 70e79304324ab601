import { createHash } from 'node:crypto'
import type { QueryConfig } from 'pg'
import type { Statement } from './batch.ts'

/** Joined statements that came before, by the names of their parts; there are as many as there are ways to go on. */
const known = new Map<string, { readonly name: string; readonly text: string }>()
const most = 1_000

/**
 * Writes that stand side by side as one statement, each but the last in a WITH of its own: to read, plan, run and answer
 * seven short statements costs Postgres and the driver more than what is in them. All see the data as it was before
 * any of them; what checks rows against each other (foreign keys) looks at the end.
 */
export function joinWrites(statements: readonly Statement[]): readonly Statement[] {
  const joined: Statement[] = []
  for (let at = 0; at < statements.length; ) {
    let end = at
    while (statements[end]?.joins) end++
    if (end - at > 1) joined.push(joinAll(statements.slice(at, end)))
    else joined.push(statements[at]!)
    at = Math.max(end, at + 1)
  }
  return joined
}

function joinAll(parts: readonly Statement[]): Statement {
  return {
    config: {
      ...findJoined(parts.map(({ config }) => config)),
      values: parts.flatMap(({ config }) => config.values),
    },
    resolve(result) {
      for (const part of parts) part.resolve(result)
    },
    reject(error) {
      for (const part of parts) part.reject(error)
    },
  }
}

function findJoined(parts: readonly QueryConfig[]): { readonly name: string; readonly text: string } {
  const address = parts.map(({ name }) => name).join(' ')
  const kept = known.get(address)
  if (kept) return kept
  let before = 0
  const texts = parts.map(({ text, values = [] }) => {
    const from = before
    before += values.length
    return text.replace(/\$(\d+)/g, (_, place) => `$${from + Number(place)}`)
  })
  const last = texts.pop()
  const joined = {
    name: createHash('sha1').update(address).digest('base64url'),
    text: `WITH ${texts.map((text, at) => `w${at} AS (${text})`).join(', ')} ${last}`,
  }
  if (known.size >= most) known.clear()
  known.set(address, joined)
  return joined
}
