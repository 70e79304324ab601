import { fileTypeFromBuffer } from 'file-type'
import { endingOf } from './file-name.ts'

/** How much of the beginning is looked at, in bytes. */
export const headLength = 64 * 1024

/** What packed formats share a beginning; which of them it is the name may say. */
const packed: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
}
const compound: Readonly<Record<string, string>> = {
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
}

/** What a file is, by what it begins with. What begins like nothing known and is no text is `application/octet-stream`. */
export async function findFileType(head: Buffer, name: string): Promise<string> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  const ending = endingOf(name)
  if (found?.mime === 'application/zip') return packed[ending] ?? found.mime
  if (found?.mime === 'application/x-cfb') return compound[ending] ?? found.mime
  if (found && found.mime !== 'application/xml') return found.mime
  return textType(head, ending)
}

/** A browser takes markup for a page wherever it begins, so the whole beginning is looked through. */
function textType(head: Buffer, ending: string): string {
  const text = readText(head)
  if (text === null) return 'application/octet-stream'
  if (/<svg[\s>]/i.test(text)) return 'image/svg+xml'
  if (/<(!doctype\s+html|html|head|body|script|iframe|object|embed)[\s>/]/i.test(text)) return 'text/html'
  return ending === 'csv' ? 'text/csv' : 'text/plain'
}

/** Text in UTF-8 or UTF-16 with a mark, or in GB 18030; null for what is none. */
function readText(head: Buffer): string | null {
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le')
  if (head.includes(0)) return null
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      // The end of the head may cut a character in two.
      return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true })
    } catch {
      // The next one is tried.
    }
  }
  return null
}

/** Whether a type is among those named: `image/*` names all images. */
export function isAmong(type: string, named: readonly string[]): boolean {
  return named.some((one) => one === type || (one.endsWith('/*') && type.startsWith(one.slice(0, -1))))
}

/** What a browser shows by itself and cannot be made to run. */
export function isShownInline(type: string): boolean {
  return type === 'application/pdf' || /^image\/(png|jpeg|gif|webp|avif)$/.test(type)
}
