import { PassThrough } from 'node:stream'
import type { RouteContext } from './route.ts'

/** How often a stream that has nothing to tell says that it lives, and asks whether it may go on, in ms. */
const beatEvery = 15_000

export interface StreamEvent {
  /** What a client that comes back names as the last it has heard. */
  readonly id?: string
  readonly name: string
  readonly data: unknown
}

export interface EventSource {
  /** What there is to tell since the last time. Called once at the beginning and whenever there may be news. */
  read(): Promise<readonly StreamEvent[]>
  /** Calls `look` when there may be news. Returns how to stop. */
  watch(look: () => void): () => void
}

/**
 * Server-sent events for one person, as the body of a reply. What hints miss is found at the next beat. It ends when
 * the reader goes away, and when their session or membership does.
 */
export function streamEvents(context: RouteContext, source: EventSource): PassThrough {
  const { request, response, people, services, actor, workspace } = context
  const body = new PassThrough()
  let reading = false
  let again = false
  let ended = false

  const end = () => {
    if (ended) return
    ended = true
    stop()
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
        for (const event of await source.read()) body.write(write(event))
      } while (again && !ended)
    } catch (error) {
      // The reader comes back by itself and goes on behind what it has heard.
      services.log.debug({ err: error }, 'A stream of events was broken off')
      end()
    } finally {
      reading = false
    }
  }
  const stop = source.watch(() => void look())
  const beat = setInterval(async () => {
    const entry = await people.member(request, workspace.key).catch(() => null)
    if (entry !== null && (typeof entry === 'string' || entry.actor.user !== actor.user)) return end()
    body.write(': alive\n\n')
    void look()
  }, beatEvery)
  beat.unref()
  response.on('close', end)
  body.write('retry: 3000\n\n')
  void look()
  return body
}

function write({ id, name, data }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

export const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Proxies must hand each event on when it comes.
  'X-Accel-Buffering': 'no',
} as const
