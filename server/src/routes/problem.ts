import { describeRefusal, type Problem, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { databaseUnavailable, serverFailed } from '@channelwright/runtime/errors/http.ts'
import { writeContended } from '@channelwright/runtime/errors/records.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Response } from 'express'
import type { Logger } from 'pino'
import { isConflict, isUnavailable } from '../db/failures.ts'

/**
 * The only place where an error becomes an answer. A Refusal is told in full; anything else is a fault of ours: it is
 * logged with its stack and answered without.
 */
export function sendProblem(
  response: Response,
  error: unknown,
  locale: Locale,
  requestId: string,
  log: Logger,
): void {
  const refusal = toRefusal(error, requestId)
  if (refusal !== error) log.error({ err: error, request: requestId }, 'a request failed')
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status } = refusal.definition
  if (status === 503) response.setHeader('Retry-After', '2')
  if (status === 429) response.setHeader('Retry-After', String(refusal.values.seconds ?? 60))
  if (status === 413) response.setHeader('Connection', 'close')
  const problem: Problem & { request: string } = { ...describeRefusal(refusal, locale), request: requestId }
  response.status(status).setHeader('Content-Language', locale)
  response.setHeader('Cache-Control', 'no-store')
  response.type('application/problem+json').send(JSON.stringify(problem))
}

function toRefusal(error: unknown, requestId: string): Refusal {
  if (error instanceof Refusal) return error
  if (isUnavailable(error)) return new Refusal(databaseUnavailable)
  // It was tried again and again, and others were quicker each time.
  if (isConflict(error)) return new Refusal(writeContended)
  return new Refusal(serverFailed, { request: requestId })
}

/** `Accept-Language` when it names one of our languages, else the person's own, else English. */
export function chooseLocale(header: string | undefined, own?: Locale): Locale {
  let best: Locale | undefined
  let bestQuality = 0
  for (const part of (header ?? '').split(',')) {
    const [tag = '', ...settings] = part.trim().toLowerCase().split(';')
    const quality = Number(
      settings
        .find((s) => s.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    )
    const locale = tag.startsWith('zh') ? 'zh' : tag.startsWith('en') ? 'en' : undefined
    if (locale && quality > bestQuality) {
      best = locale
      bestQuality = quality
    }
  }
  return best ?? own ?? 'en'
}
