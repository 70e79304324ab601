import { normaliseCompanyName } from '@channelwright/runtime/logic/operators/shared/company-name.ts'
import { at, creditCode, day, digits, pick, whole } from './chance.ts'
import { cities, english, first, second } from './names.ts'
import { account, demo, human, manager, managers, users } from './people.ts'

// Partners: the first of each business is where the demo accounts work.
export interface Partner {
  readonly as: string
  readonly it: boolean
  readonly manager: string
  readonly sales: string[]
  readonly city: (typeof cities)[number]
  readonly joined: number
  readonly weight: number
}
export const partners: Partner[] = []
export const partnerRows: unknown[][] = []
export const contactRows: unknown[][] = []
const keys = new Set<string>()
export function fresh(make: () => string): string {
  for (;;) {
    const name = make()
    const key = normaliseCompanyName(name)
    if (keys.has(key)) continue
    keys.add(key)
    return name
  }
}
const forms = {
  it: ['信息技术有限公司', '系统集成有限公司', '软件股份有限公司', '网络科技有限公司'],
  ce: ['电器有限公司', '数码科技有限公司', '商贸有限公司', '电子商务有限公司'],
}
for (let n = 0; n < 44; n++) {
  const it = n % 2 === 1
  const city = pick(cities)
  // Every fourth from the ninth on belongs to an earlier one of its business.
  const parent =
    n >= 8 && n % 4 < 2
      ? partners.filter((one) => one.it === it && partners.indexOf(one) < 8)[whole(0, 3)]
      : undefined
  const as = `p${String(n + 1).padStart(2, '0')}`
  const name = fresh(() =>
    n % 7 === 5
      ? `${pick(english)} ${it ? 'Systems' : 'Digital'} (${city[1]}) Co., Ltd.`
      : `${city[0]}${pick(first)}${pick(second)}${pick(it ? forms.it : forms.ce)}`,
  )
  const tier = parent ? pick(['registered', 'silver']) : pick(['silver', 'gold', 'gold', 'platinum'])
  const channelManager = n < 2 ? manager : pick(managers)
  const joined = -whole(400, 2400)
  const domain = `p${n + 1}.example`
  const sales: string[] = []
  const boss =
    n < 1
      ? account(demo('partner', '王芳', ['partner_admin'], { partner: as }), 'Partner admin', '伙伴管理员')
      : human(domain, ['partner_admin'], { partner: as })
  if (n < 1)
    sales.push(
      account(demo('sales', '张磊', ['partner_sales'], { partner: as }), 'Partner sales', '伙伴销售').as,
    )
  for (let k = 0; k < (n % 4 === 0 ? 4 : 3); k++)
    sales.push(human(domain, ['partner_sales'], { partner: as }).as)
  partners.push({
    as,
    it,
    manager: channelManager.as,
    sales,
    city,
    joined,
    weight: parent ? 1 : tier === 'platinum' ? 5 : tier === 'gold' ? 3 : 2,
  })
  const type = it
    ? pick(['integrator', 'integrator', 'isv', 'reseller'])
    : parent
      ? 'reseller'
      : pick(['distributor', 'reseller', 'agent'])
  partnerRows.push([
    `@${as}`,
    '@admin',
    at(joined),
    name,
    creditCode('91', city[2]),
    type,
    parent ? `@${parent.as}` : null,
    tier,
    city[3],
    `@${channelManager.as}`,
    n === 41 ? 'suspended' : 'active',
    day(joined),
    `https://www.${domain}`,
    `+8621${digits(8)}`,
    type === 'distributor' ? `${whole(20, 120) * 100000}.00` : null,
  ])
  for (const who of [boss, ...users.filter((user) => user.partner === as && user !== boss)]) {
    contactRows.push([
      `@c_${who.as}`,
      `@${channelManager.as}`,
      at(Math.max(joined, -360)),
      `@${as}`,
      who.name,
      who === boss ? 'owner' : pick(['sales', 'sales', 'technical']),
      `+861${pick(['38', '39', '50', '86', '77'])}${digits(8)}`,
      who.email,
      who.locale === 'en' ? ['zh', 'en'] : ['zh'],
      who === boss,
    ])
  }
}
while (users.length < 200) {
  const one = pick(partners)
  const extra = human(`${one.as}.example`, ['partner_sales'], { partner: one.as })
  one.sales.push(extra.as)
}

const issuers = ['市场监督管理局', '华夏认证中心', 'China Quality Assurance', '省通信管理局']
const more = ['iso_9001', 'iso_27001', 'security', 'industry']
/** Comes last, so that everything made before stays as it was. */
export function addCertificates(): void {
  for (const [n, row] of partnerRows.entries())
    row.push([
      { type: 'business_licence', number: String(row[4] ?? `BL-${n}`), issuer: issuers[0] },
      ...more.slice(0, n % 4).map((type) => ({
        type,
        number: `${type.slice(0, 2).toUpperCase()}-${digits(8)}`,
        issuer: pick(issuers),
        // Some lapse within the next weeks, so that there is something to renew.
        expires_on: day(n % 5 === 0 ? whole(10, 60) : whole(90, 900)),
      })),
    ])
}
