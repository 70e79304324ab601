import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail server that keeps the message id of each e-mail it has taken. */
export interface MailReceiver {
  /** What `CW_SMTP_URL` must be. */
  readonly url: string
  readonly ids: readonly string[]
  close(): Promise<void>
}

export async function startMailReceiver(): Promise<MailReceiver> {
  const ids: string[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', (part: Buffer) => {
        text += String(part)
      })
      stream.on('end', () => {
        ids.push(/^message-id:\s*<([^@>]+)@/im.exec(text)?.[1] ?? '')
        done()
      })
    },
  })
  smtp.on('error', () => undefined)
  const server = smtp.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ids,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  }
}
