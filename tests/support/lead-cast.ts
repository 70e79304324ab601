import { createDealWorkspace, type DealWorkspace } from './deal-workspace.ts'
import type { TestMember } from './members.ts'
import type { TestServer } from './server.ts'

/** A vendor and three partners who are authorised for the same product line in the same region. */
export interface LeadCast {
  readonly key: string
  readonly deal: DealWorkspace
  readonly manager: TestMember
  readonly director: TestMember
  /** One of each partner, by their share of leads. */
  readonly sellers: readonly [TestMember, TestMember, TestMember]
  readonly partners: readonly [string, string, string]
  readonly line: string
  readonly otherLine: string
}

export const partnerNames = [
  '上海启明信息技术有限公司',
  '南京明远系统集成有限公司',
  '杭州嘉润软件股份有限公司',
] as const

export async function castLeads({ services }: TestServer, key: string): Promise<LeadCast> {
  const deal = await createDealWorkspace(services, key, undefined, ['leads', 'deal_conflicts'])
  const manager = await deal.join({ name: 'Grace Sun', roles: ['channel_manager'] })
  const director = await deal.join({ name: '周敏', roles: ['director'] })
  const line = await deal.seed('product_line', { code: 'SRV', name: '服务器 Servers', active: true })
  const otherLine = await deal.seed('product_line', { code: 'STO', name: '存储 Storage', active: true })
  const names = ['张磊', '王洋', '孙悦']
  const sellers: TestMember[] = []
  const partners: string[] = []
  for (const [at, legal_name] of partnerNames.entries()) {
    const partner = await deal.seed('partner', {
      legal_name,
      type: 'reseller',
      status: 'active',
      tier: 'gold',
      region: 'east',
      channel_manager: manager.user,
    })
    const seller = await deal.join({ name: names[at] ?? '', roles: ['partner_sales'], partner })
    await deal.seed('authorisation', {
      partner,
      product_line: line,
      region: 'east',
      lead_contact: seller.user,
      share: 50 - at * 20,
      score: 80,
      active: true,
    })
    sellers.push(seller)
    partners.push(partner)
  }
  return {
    key,
    deal,
    manager,
    director,
    line,
    otherLine,
    sellers: sellers as unknown as LeadCast['sellers'],
    partners: partners as unknown as LeadCast['partners'],
  }
}
