import type { IncomingMessage } from 'node:http'
import { type ErrorDetail, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { bodyNotJson, bodyTooLarge, bodyTypeUnknown, bodyUnsafe } from '@channelwright/runtime/errors/http.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { type ParseError, parse } from 'jsonc-parser'

/** Deeper nesting is nobody's data; it would only exhaust the stack of whoever walks it. */
const maxDepth = 64
const defaultLimit = 1024 * 1024

/**
 * The body as JSON that is safe to hand on; undefined when there is none. Refuses what is too large, not JSON in
 * UTF-8, or holds keys that reach into JavaScript's prototypes, null characters, halves of characters, or numbers
 * beyond the finite. Content encodings are not taken: a small body must not unpack to a huge one.
 */
export async function readBody(request: IncomingMessage, limit = defaultLimit): Promise<Json | undefined> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) throw refuseSize(request, limit)
  if (announced === 0 && request.headers['transfer-encoding'] === undefined) return undefined
  const type = (request.headers['content-type'] ?? '').toLowerCase()
  if (!/^application\/([\w.-]+\+)?json\s*(;\s*charset="?utf-?8"?)?\s*$/.test(type))
    throw new Refusal(bodyTypeUnknown)
  if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity')
    throw new Refusal(bodyTypeUnknown)
  const bytes = await readBytes(request, limit)
  if (bytes.length === 0) return undefined
  return parseBody(bytes)
}

/** By events: an iterator over the request would cost more than the reading. */
export function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else reject(refuseSize(request, limit))
    })
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the request was broken off')))
  })
}

/** What still comes is thrown away; the answer closes the connection. */
function refuseSize(request: IncomingMessage, limit: number): Refusal {
  request.resume()
  return new Refusal(bodyTooLarge, { limit })
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** Exported for its test. Throws Refusal. */
export function parseBody(bytes: Uint8Array): Json {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw new Refusal(bodyUnsafe, {}, [
      detail('', 'NOT_UTF8', { en: 'The body is not UTF-8.', zh: '请求体不是 UTF-8 编码。' }),
    ])
  }
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(bodyNotJson, locate(text))
  }
  const details: ErrorDetail[] = []
  inspect(value, '', 0, details)
  if (details.length) throw new Refusal(bodyUnsafe, {}, details)
  return value
}

/** V8 does not always say where JSON is broken, so a second parser looks for the place. */
function locate(text: string): { line: number; column: number } {
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true, allowTrailingComma: false })
  const offset = errors[0]?.offset ?? text.length
  const before = text.slice(0, offset).split(/\r\n|\r|\n/)
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

const words: Record<string, Text> = {
  UNSAFE_KEY: { en: 'This key is not accepted.', zh: '不接受该键。' },
  NULL_CHARACTER: { en: 'The text holds a null character.', zh: '文本含有空字符。' },
  HALF_CHARACTER: { en: 'The text holds half of a character.', zh: '文本含有残缺的字符。' },
  NOT_FINITE: { en: 'The number is too large to be read.', zh: '数字超出可读取的范围。' },
  TOO_DEEP: { en: 'The value is nested too deeply.', zh: '嵌套层数过多。' },
}

function inspect(value: Json, path: string, depth: number, details: ErrorDetail[]): void {
  // A hundred places tell as much as all of them.
  if (details.length >= 100) return
  if (typeof value === 'string') {
    const code = textFault(value)
    if (code) details.push(detail(path, code))
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) details.push(detail(path, 'NOT_FINITE'))
  } else if (typeof value === 'object' && value !== null) {
    if (depth >= maxDepth) details.push(detail(path, 'TOO_DEEP'))
    else if (Array.isArray(value))
      value.forEach((item, at) => void inspect(item, `${path}/${at}`, depth + 1, details))
    else inspectObject(value, path, depth, details)
  }
}

function inspectObject(
  value: { [key: string]: Json },
  path: string,
  depth: number,
  details: ErrorDetail[],
): void {
  for (const key of Object.keys(value)) {
    const here = `${path}/${key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`
    const code =
      key === '__proto__' || key === 'constructor' || key === 'prototype' ? 'UNSAFE_KEY' : textFault(key)
    if (code) details.push(detail(here, code))
    else inspect(value[key]!, here, depth + 1, details)
  }
}

function textFault(text: string): string | null {
  if (text.includes('\0')) return 'NULL_CHARACTER'
  return text.isWellFormed() ? null : 'HALF_CHARACTER'
}

function detail(path: string, code: string, message: Text = words[code]!): ErrorDetail {
  return { path, code, message }
}
