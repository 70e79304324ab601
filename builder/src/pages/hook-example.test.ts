import { describe, expect, it } from 'vitest'
import { writeExample } from './hook-example.ts'

const url = 'https://channel.example.com/hooks/acme/order_paid'
const input = {
  type: 'object' as const,
  properties: {
    ref: { type: 'string' },
    amount: { type: 'string', format: 'decimal' },
    of: { enum: ['a', 'b'] },
  },
}
const write = (signature: Parameters<typeof writeExample>[0]['signature']) =>
  writeExample({ url, input: input as never, signature }, 'whsec_c2VjcmV0')

describe('the example of a message', () => {
  it('has a body of what the flow expects, signed as Standard Webhooks has it', () => {
    const text = write(null)
    expect(text).toContain(`body='{"ref":"text","amount":"100.00","of":"a"}'`)
    expect(text).toContain('"$id.$time.$body"')
    expect(text).toContain('"webhook-signature: v1,$signature"')
    expect(text).toContain(`curl -X POST '${url}'`)
  })

  it('signs as the sender of the flow does', () => {
    const text = write({ header: 'X-Hub-Signature-256', prefix: 'sha256=', id: 'X-GitHub-Delivery' })
    expect(text).toContain('printf %s "$body" | openssl dgst -sha256 -hmac "$secret" -binary | od')
    expect(text).toContain('-H "X-Hub-Signature-256: sha256=$signature"')
    expect(text).toContain('-H "X-GitHub-Delivery: $id"')
  })

  it('signs the time where it is signed', () => {
    const time = { header: 'X-Time', content: 'v0:{time}:{body}' }
    const text = write({ header: 'X-Sign', encoding: 'base64', id: 'X-Id', time })
    expect(text).toContain(
      'printf %s "v0:$time:$body" | openssl dgst -sha256 -hmac "$secret" -binary | base64',
    )
    expect(text).toContain('-H "X-Time: $time"')
  })
})
