import { isJsonObject } from '@channelwright/runtime/json.ts'
import { mayHaveMissed } from '../db/notices.ts'
import type { Services } from '../services.ts'

// That a case went on is told to whoever watches, on every server: a hint to look, and nothing to rely on. It is told
// after the commit and by a connection of its own, because a NOTIFY inside a transaction makes all commits of the
// database wait for each other.

/** How long hints are gathered before they are sent together, in ms. */
const gatherFor = 20
/** Most of one notice, in bytes; Postgres takes 8,000. */
const mostBytes = 7_000

interface Hint {
  readonly workspace: string
  readonly run: string
  readonly users: readonly string[]
}

/** In place of a person: everybody who administers flows, for the number of stuck cases has changed. */
export const administrators = 'administrators'

const gathering = new WeakMap<Services, Hint[]>()

/** A case has changed, and these people may see it in what waits for them. */
export function sayFlowChanged(
  services: Services,
  workspace: string,
  run: string,
  users: readonly string[],
): void {
  // Somebody with thousands of colleagues on one step hears of it at the next look.
  const hint = { workspace, run, users: [...new Set(users)].slice(0, 100) }
  const waiting = gathering.get(services)
  if (waiting) {
    waiting.push(hint)
    return
  }
  const hints = [hint]
  gathering.set(services, hints)
  setTimeout(() => {
    gathering.delete(services)
    void send(services, hints)
  }, gatherFor).unref()
}

async function send(services: Services, hints: readonly Hint[]): Promise<void> {
  const payloads: string[] = []
  let current: Hint[] = []
  let bytes = 0
  for (const hint of hints) {
    const length = JSON.stringify(hint).length + 1
    if (bytes + length > mostBytes && current.length > 0) {
      payloads.push(JSON.stringify(current))
      current = []
      bytes = 0
    }
    current.push(hint)
    bytes += length
  }
  payloads.push(JSON.stringify(current))
  await services.owner
    .query(`SELECT pg_notify('cw_flow', payload) FROM unnest($1::text[]) AS p (payload)`, [payloads])
    .catch((error: unknown) => services.log.debug({ err: error }, 'A hint could not be sent'))
}

/** What somebody watches: one case, or what waits for one person. */
export type Watched = { readonly run: string } | { readonly user: string }

interface Watchers {
  readonly of: Map<string, Set<() => void>>
}
const watchers = new WeakMap<Services, Watchers>()

/** Calls `look` when there may be news. Returns how to stop. */
export function watchFlow(
  services: Services,
  workspace: string,
  watched: Watched,
  look: () => void,
): () => void {
  const { of } = watchersOf(services)
  const key = 'run' in watched ? `${workspace} run ${watched.run}` : `${workspace} user ${watched.user}`
  const looks = of.get(key) ?? new Set()
  of.set(key, looks.add(look))
  return () => {
    looks.delete(look)
    if (looks.size === 0 && of.get(key) === looks) of.delete(key)
  }
}

function watchersOf(services: Services): Watchers {
  const known = watchers.get(services)
  if (known) return known
  const made: Watchers = { of: new Map() }
  watchers.set(services, made)
  const call = (key: string) => {
    for (const look of made.of.get(key) ?? []) look()
  }
  services.notices.on('cw_flow', (payload) => {
    if (payload === mayHaveMissed) {
      for (const key of made.of.keys()) call(key)
      return
    }
    for (const hint of readHints(payload)) {
      call(`${hint.workspace} run ${hint.run}`)
      for (const user of hint.users) call(`${hint.workspace} user ${user}`)
    }
  })
  return made
}

function readHints(payload: string): Hint[] {
  try {
    const read: unknown = JSON.parse(payload)
    return Array.isArray(read) ? read.filter((one): one is never => isJsonObject(one)) : []
  } catch {
    return []
  }
}
