import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import * as errors from '@channelwright/runtime/errors/uploads.ts'
import busboy from 'busboy'
import type { Services, Workspace } from '../services.ts'
import { cleanFileName } from './file-name.ts'
import { findFileType, headLength, isAmong } from './file-type.ts'

/** What was kept in the store. */
export interface KeptFile {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly bytes: number
  readonly sha256: string
}

type Keeper = Pick<Services, 'files' | 'ids' | 'config'>

/**
 * The one file of a `multipart/form-data` request, put into the store while it arrives. What is refused, or breaks off,
 * leaves nothing behind.
 */
export async function receiveFile(
  services: Keeper,
  workspace: Pick<Workspace, 'id'>,
  request: IncomingMessage,
): Promise<KeptFile> {
  if (!/^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? ''))
    throw new Refusal(errors.uploadMissing)
  const announced = Number(request.headers['content-length'] ?? 0)
  // Around the file stand lines that say which part it is.
  if (announced > services.config.fileLimit + 16 * 1024) throw refuseSize(services, request)
  let parser: ReturnType<typeof busboy>
  try {
    parser = busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 0, parts: 2, headerPairs: 20, fileSize: services.config.fileLimit },
    })
  } catch {
    throw new Refusal(errors.uploadMissing)
  }
  return new Promise((resolve, reject) => {
    let keeping: Promise<KeptFile> | undefined
    const giveUp = (error: unknown) => {
      request.unpipe(parser)
      request.resume()
      reject(error)
    }
    parser.on('file', (part, stream, info) => {
      // Whoever reads it hears of its errors too; nobody reads what is thrown away.
      stream.on('error', () => undefined)
      if (part !== 'file' || !info.filename) {
        stream.resume()
        return
      }
      let cut = false
      stream.once('limit', () => {
        cut = true
        stream.destroy(refuseSize(services, request))
      })
      // A request that breaks off ends the part as if it were whole.
      const lost = () => {
        if (request.complete === false) stream.destroy(new Error('the upload was broken off'))
      }
      request.once('close', lost)
      keeping = keepStream(services, workspace, stream, unescapeName(info.filename)).finally(() =>
        request.off('close', lost),
      )
      keeping.then((kept) => (cut ? giveUp(refuseSize(services, request)) : resolve(kept)), giveUp)
    })
    parser.on('error', () => giveUp(new Refusal(errors.uploadMissing)))
    parser.once('close', () => {
      if (!keeping) giveUp(new Refusal(errors.uploadMissing))
    })
    request.on('error', giveUp)
    request.pipe(parser)
  })
}

/** Browsers write the few characters that a part's head cannot hold as they stand in addresses. */
function unescapeName(name: string): string {
  return name.replace(/%(22|0D|0A)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** What still comes is thrown away; the answer closes the connection. */
function refuseSize({ config }: Pick<Services, 'config'>, request: IncomingMessage): Refusal {
  request.resume()
  return new Refusal(errors.uploadTooLarge, { limit: Math.floor(config.fileLimit / 1024 / 1024) })
}

/** Puts a stream into the store and finds out what it is. Refuses what is empty or of a kind that is not taken. */
export async function keepStream(
  services: Keeper,
  workspace: Pick<Workspace, 'id'>,
  source: Readable,
  name: string,
): Promise<KeptFile> {
  const key = { workspace: workspace.id, id: services.ids.next() }
  const watch = new Watch()
  // What breaks off on its way here is no fault of ours. It may do so before the store has begun to read.
  let broken: unknown
  watch.on('error', () => undefined)
  source.once('error', (error) => {
    broken = error instanceof Refusal ? error : new Refusal(errors.uploadMissing)
    watch.destroy(broken as Error)
  })
  await services.files.write(key, source.pipe(watch)).catch((error: unknown) => {
    throw broken ?? error
  })
  try {
    if (watch.bytes === 0) throw new Refusal(errors.uploadEmpty)
    const type = await findFileType(watch.head, name)
    const { fileTypes } = services.config
    if (!isAmong(type, fileTypes))
      throw new Refusal(errors.uploadTypeRefused, { type, allowed: shorten(fileTypes) })
    return {
      id: key.id,
      name: cleanFileName(name, type),
      type,
      bytes: watch.bytes,
      sha256: watch.hash.digest('hex'),
    }
  } catch (error) {
    await services.files.remove(key)
    throw error
  }
}

/** The last word of each type says enough: `pdf`, `png`, `sheet`. */
function shorten(types: readonly string[]): string {
  const words = types.map((type) => (type.endsWith('/*') ? type : (type.split(/[/.]/).at(-1) ?? type)))
  return [...new Set(words)].join(', ')
}

/** Lets bytes through and remembers what must be known of them. */
class Watch extends Transform {
  readonly hash = createHash('sha256')
  bytes = 0
  head = Buffer.alloc(0)

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.hash.update(chunk)
    this.bytes += chunk.length
    if (this.head.length < headLength)
      this.head = Buffer.concat([this.head, chunk.subarray(0, headLength - this.head.length)])
    done(null, chunk)
  }
}
