import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowWebhookAnswer, flowWebhookRefused } from '@channelwright/runtime/errors/flow-starts.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import { AddressRefused } from '../../outgoing/public-address.ts'
import { sendJson } from '../../outgoing/send-json.ts'
import type { Services } from '../../services.ts'
import type { EffectOrder } from '../apply-effect.ts'

/**
 * Sends before the transaction that marks it done: nothing is locked while another system thinks. Should the server die
 * in between it is sent again under the same key. Answers that say "try later" are tried again, others are final.
 */
export async function sendWebhook(
  services: Services,
  order: Pick<EffectOrder, 'key'>,
  payload: JsonObject,
): Promise<JsonObject> {
  const url = String(payload.url)
  const headers = isJsonObject(payload.headers) ? payload.headers : {}
  try {
    const { status } = await sendJson(
      {
        url,
        method: String(payload.method),
        headers: {
          ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
          'Idempotency-Key': order.key,
        },
        body: isJsonObject(payload.body) ? payload.body : {},
      },
      services.config.webhookHosts,
    )
    if (status >= 200 && status < 300) return { status }
    const later = status >= 500 || status === 408 || status === 425 || status === 429
    if (later) throw new Error(`the webhook answered ${status}`)
    throw new Refusal(flowWebhookAnswer, { status, host: new URL(url).host })
  } catch (error) {
    if (error instanceof AddressRefused) throw new Refusal(flowWebhookRefused, { host: hostOf(url) })
    throw error
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '–'
}
