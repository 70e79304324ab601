/** A `multipart/form-data` body that holds one file, as browsers write it. */
export function fileBody(
  name: string,
  content: string | Uint8Array,
  part = 'file',
): { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> } {
  const boundary = '----cw-test-7c1f'
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const head = new TextEncoder().encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="${part}"; filename="${name.replaceAll('"', '%22')}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  )
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`)
  const body = new Uint8Array(head.length + bytes.length + tail.length)
  body.set(head)
  body.set(bytes, head.length)
  body.set(tail, head.length + bytes.length)
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
