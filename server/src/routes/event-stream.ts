import { PassThrough } from 'node:stream'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { streamsTooMany } from '@channelwright/runtime/errors/http.ts'
import Type from 'typebox'
import type { Member } from '../auth/people.ts'
import type { Services } from '../services.ts'
import type { RouteContext } from './route.ts'

/** How often a stream that has nothing to tell says that it lives, and asks whether it may go on, in ms. */
const beatEvery = 15_000
/** Most streams that one person has open on one server: some tabs on some machines, and what a lost network left. */
export const mostStreams = 20
/** Within this time all streams look whose people may have changed; all at once would ask for everybody, in ms. */
const spread = 500

/** Whose page opens the stream, as `X-CW-User` says it elsewhere: another person's session is refused. */
export const ForWhom = Type.Object(
  { user: Type.Optional(Type.String({ format: 'uuid' })) },
  { additionalProperties: false },
)

export interface StreamEvent {
  /** What a client that comes back names as the last it has heard. */
  readonly id?: string
  readonly name: string
  readonly data: unknown
}

export interface EventSource {
  /**
   * What there is to tell since the last time, as the person may see it now. Called once at the beginning, whenever
   * there may be news (`isHinted`), and at each beat.
   */
  read(reader: Member, isHinted: boolean): Promise<readonly StreamEvent[]>
  /** Calls `look` when there may be news. Returns how to stop. */
  watch(look: () => void): () => void
}

/** Streams that are open on this server, by the person. */
const open = new WeakMap<Services, Map<string, Set<() => void>>>()

/** Ends every stream, so that nobody waits for a server that stops. Readers come back, to another one if there is. */
export function endStreams(services: Services): void {
  for (const ends of open.get(services)?.values() ?? []) for (const end of [...ends]) end()
}

/**
 * Server-sent events for one person, as the body of a reply. What hints miss is found at the next beat. It ends when
 * the reader goes away, with their session or membership, and when the server stops. Throws STREAMS_TOO_MANY.
 */
export function streamEvents(context: RouteContext, source: EventSource): PassThrough {
  const { request, response, people, services, actor, workspace } = context
  const mine = streamsOf(services, actor.user)
  if (mine.size >= mostStreams) throw new Refusal(streamsTooMany, { most: mostStreams, seconds: 30 })
  const body = new PassThrough()
  let reading = false
  let again = false
  let hinted = false
  let ended = false

  const end = () => {
    if (ended) return
    ended = true
    mine.delete(end)
    stop()
    stopAsking()
    clearInterval(beat)
    body.end()
  }
  const look = async () => {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      do {
        again = false
        const isHinted = hinted
        hinted = false
        // Remembered for some seconds and forgotten as soon as anything of it changes.
        const entry = await people.member(request, workspace.key)
        if (typeof entry === 'string' || entry.actor.user !== actor.user) return end()
        const events = await source.read(entry, isHinted)
        if (!ended) for (const event of events) body.write(write(event))
      } while (again && !ended)
    } catch (error) {
      // The reader comes back by itself and goes on behind what it has heard.
      services.log.debug({ err: error }, 'A stream of events was broken off')
      end()
    } finally {
      reading = false
    }
  }
  const stop = source.watch(() => {
    hinted = true
    void look()
  })
  const stopAsking = services.notices.on('cw_identity', () => {
    setTimeout(() => void (ended || look()), Math.random() * spread).unref()
  })
  const beat = setInterval(() => {
    body.write(': alive\n\n')
    void look()
  }, beatEvery)
  beat.unref()
  mine.add(end)
  response.on('close', end)
  body.write('retry: 3000\n\n')
  void look()
  return body
}

function streamsOf(services: Services, user: string): Set<() => void> {
  const all = open.get(services) ?? new Map<string, Set<() => void>>()
  open.set(services, all)
  // Sets that stand empty are of people who were here since the server started: they come again.
  const known = all.get(user) ?? new Set()
  all.set(user, known)
  return known
}

function write({ id, name, data }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

export const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Proxies must hand each event on when it comes.
  'X-Accel-Buffering': 'no',
} as const
