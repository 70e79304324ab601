import { randomUUID } from 'node:crypto'
import { createDealWorkspace, type DealWorkspace } from './deal-workspace.ts'
import type { LiveServer } from './live-server.ts'
import { callAs, type TestMember } from './members.ts'

/** A vendor, two of its partners, and the people a story needs. */
export interface DealCast {
  readonly key: string
  readonly deal: DealWorkspace
  /** Sells for `partner`. */
  readonly rep: TestMember
  /** Sells for `otherPartner`. */
  readonly otherRep: TestMember
  readonly manager: TestMember
  readonly admin: TestMember
  readonly partner: string
  readonly otherPartner: string
  readonly line: string
}

export const partnerName = '上海云启科技有限公司'
export const otherPartnerName = 'Guangzhou Harbour IT Solutions Co., Ltd.'

export async function castDeal({ services }: LiveServer, key: string): Promise<DealCast> {
  const deal = await createDealWorkspace(services, key)
  const manager = await deal.join({ name: '王敏', roles: ['channel_manager'] })
  const admin = await deal.join({ name: '陈立', roles: ['business_admin'] })
  const partnerOf = (legal_name: string) =>
    deal.seed('partner', {
      legal_name,
      type: 'reseller',
      status: 'active',
      tier: 'gold',
      region: 'east',
      channel_manager: manager.user,
    })
  const partner = await partnerOf(partnerName)
  const otherPartner = await partnerOf(otherPartnerName)
  const line = await deal.seed('product_line', { code: 'SRV', name: 'Servers', active: true })
  const rep = await deal.join({ name: '李娜', roles: ['partner_sales'], partner })
  const otherRep = await deal.join({ name: 'Chris Lee', roles: ['partner_sales'], partner: otherPartner })
  return { key, deal, manager, admin, partner, otherPartner, line, rep, otherRep }
}

/** `2027-01-21`, so many days from now. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

/** Registers a deal through the API, as the form would; returns the record's id. */
export async function registerDeal(
  { url }: LiveServer,
  cast: DealCast,
  seller: TestMember,
  customer_name: string,
  amount: string,
): Promise<string> {
  const { status, body, text } = await callAs(url, seller)(
    'POST',
    `/api/v1/${cast.key}/records/registration?form=registration_new`,
    { body: { customer_name, product_line: cast.line, amount, close_on: dayFromNow(60) } },
  )
  if (status !== 201) throw new Error(`not registered: ${text}`)
  return body.record.id
}

/** Approves the task that waits on a record; waits until it is there. */
export async function approveDeal(
  { url }: LiveServer,
  cast: DealCast,
  approver: TestMember,
  record: string,
): Promise<void> {
  const call = callAs(url, approver)
  for (let tries = 0; tries < 60; tries++) {
    const { body } = await call('GET', `/api/v1/${cast.key}/tasks`)
    const task = body.tasks.find((one: { record: string }) => one.record === record)
    if (task) {
      const { status, text } = await call('POST', `/api/v1/${cast.key}/tasks/${task.id}/decision`, {
        body: { decision: 'approve', comment: 'OK', taskRev: task.rev, commandId: randomUUID() },
      })
      if (status >= 300) throw new Error(`not approved: ${text}`)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('no task came up')
}
