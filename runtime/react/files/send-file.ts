import type { FileInfo } from '../../src/api/files.ts'
import { isJsonObject } from '../../src/json.ts'
import { formatText, type Locale, type Text } from '../../src/text.ts'
import { ApiProblem } from '../api/problem.ts'

export interface SendOptions {
  readonly locale: Locale
  /** Whose page this is: nothing is sent under another session. */
  readonly user: string | null
  readonly signal: AbortSignal
  /** Part that has left so far, from 0 to 1. */
  onProgress(part: number): void
}

const unreachable: Text = { en: 'The connection broke off.', zh: '网络连接中断。' }
const unreachableHint: Text = {
  en: 'It is sent again when the network is back.',
  zh: '网络恢复后将自动重新上传。',
}
const broken: Text = { en: 'The server could not take it ({status}).', zh: '服务器未能接收({status})。' }
const tooLarge: Text = { en: 'The file is too large.', zh: '文件过大。' }

/**
 * Sends one file. By the older interface, for `fetch` does not tell how much has left. Every failure is an `ApiProblem`,
 * of kind `network` where trying again may help.
 */
export function sendFile(address: string, file: File, options: SendOptions): Promise<FileInfo> {
  const { locale } = options
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const lost = () =>
      reject(new ApiProblem('network', 0, 'NETWORK', unreachable[locale], unreachableHint[locale], [], null))
    request.open('POST', address)
    request.responseType = 'text'
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('Accept-Language', locale)
    if (options.user !== null) request.setRequestHeader('X-CW-User', options.user)
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) options.onProgress(loaded / total)
    })
    request.addEventListener('error', lost)
    request.addEventListener('timeout', lost)
    request.addEventListener('load', () => {
      const answer = readAnswer(request.responseText)
      if (request.status === 201) resolve(answer as unknown as FileInfo)
      else reject(problemOf(request.status, answer, locale))
    })
    options.signal.addEventListener('abort', () => {
      request.abort()
      reject(new DOMException('taken back', 'AbortError'))
    })
    const body = new FormData()
    body.append('file', file, file.name)
    request.send(body)
  })
}

function readAnswer(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text)
    return isJsonObject(found) ? found : {}
  } catch {
    return {}
  }
}

function problemOf(status: number, answer: Record<string, unknown>, locale: Locale): ApiProblem {
  const say = (name: string) => (typeof answer[name] === 'string' ? answer[name] : undefined)
  const text = status === 413 ? tooLarge[locale] : formatText(broken, locale, { status })
  // A server that is being restarted answers so.
  const kind = status === 502 || status === 503 || status === 504 ? 'network' : 'refused'
  return new ApiProblem(
    kind,
    status,
    say('code') ?? `HTTP_${status}`,
    say('message') ?? text,
    say('hint') ?? '',
    [],
    null,
  )
}
