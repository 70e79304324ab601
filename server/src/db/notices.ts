import pg from 'pg'
import type { Logger } from 'pino'
import { pause } from './failures.ts'

/** A notice may have been missed while the connection was down: handlers forget everything. */
export const mayHaveMissed = '*'

/** Postgres NOTIFY, heard on one connection per server. */
export interface Notices {
  /** Calls `handler` with the payload of each notice, or with `mayHaveMissed`. Returns how to stop. */
  on(channel: NoticeChannel, handler: (payload: string) => void): () => void
  /** Tells this server at once what Postgres is about to tell all of them. */
  tell(channel: NoticeChannel, payload: string): void
  close(): Promise<void>
}

/**
 * `cw_release`: payload is the workspace's key. `cw_identity`: people, memberships or organisations changed. `cw_flow`:
 * cases went on (`flows/hints.ts`).
 */
export type NoticeChannel = 'cw_release' | 'cw_identity' | 'cw_flow'
const channels: readonly NoticeChannel[] = ['cw_release', 'cw_identity', 'cw_flow']

export async function openNotices(url: string, log: Logger): Promise<Notices> {
  const handlers = new Map<string, Set<(payload: string) => void>>(channels.map((name) => [name, new Set()]))
  let closed = false
  let client: pg.Client | undefined

  const tell = (channel: string, payload: string) => {
    for (const handler of handlers.get(channel) ?? []) {
      try {
        handler(payload)
      } catch (error) {
        log.error({ err: error, channel }, 'a notice could not be handled')
      }
    }
  }
  const connect = async () => {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'channelwright notices',
      keepAlive: true,
    })
    next.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''))
    next.on('error', (error) => log.warn({ err: error }, 'the connection for notices was lost'))
    await next.connect()
    await next.query(channels.map((name) => `LISTEN ${name}`).join(';'))
    next.on('end', () => void reconnect())
    client = next
  }
  const reconnect = async () => {
    for (let wait = 100; !closed; wait = Math.min(wait * 2, 2_000)) {
      await pause(wait)
      if (closed) return
      try {
        await connect()
        for (const channel of channels) tell(channel, mayHaveMissed)
        return
      } catch (error) {
        log.warn({ err: error }, 'notices can not be heard yet')
      }
    }
  }

  await connect()
  return {
    on(channel, handler) {
      handlers.get(channel)!.add(handler)
      return () => handlers.get(channel)!.delete(handler)
    },
    tell,
    async close() {
      closed = true
      await client?.end().catch(() => undefined)
    },
  }
}
