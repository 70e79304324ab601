import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { normaliseCompanyName } from '@channelwright/runtime/logic/operators/shared/company-name.ts'

/**
 * Writes `templates/<pack>/demo/*.json`: one vendor group with two businesses, a consumer-electronics maker and an IT
 * solution provider. Seeded: the same bytes every time. Days count from `base`; loading moves them to today.
 * Run: npx tsx tests/support/write-demo-data.ts
 */
const base = '2026-11-01'
const templates = fileURLToPath(new URL('../../templates/', import.meta.url))

// mulberry32: small, and the same on every machine.
let state = 20261101
function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
const pick = <T>(list: readonly T[]): T => list[whole(0, list.length - 1)] as T
const chance = (share: number) => random() < share
const digits = (count: number) => Array.from({ length: count }, () => whole(0, 9)).join('')
const day = (offset: number) =>
  new Date(Date.parse(`${base}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10)
const at = (offset: number, hour = whole(1, 9)) =>
  `${day(offset)}T${String(hour).padStart(2, '0')}:${String(whole(0, 59)).padStart(2, '0')}:00.000Z`

const codeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** A unified social credit code with its check character (GB 32100). */
function creditCode(kind: '91' | '12', area: string): string {
  const body = `${kind}${area}${Array.from({ length: 9 }, (_, i) => (i < 2 && kind === '91' ? pick([...'MA1']) : codeAlphabet[whole(0, 30)])).join('')}`
  let sum = 0
  let weight = 1
  for (const char of body) {
    sum += codeAlphabet.indexOf(char) * weight
    weight = (weight * 3) % 31
  }
  return body + codeAlphabet[(31 - (sum % 31)) % 31]
}

const cities = [
  ['上海', 'Shanghai', '310115', 'east'],
  ['北京', 'Beijing', '110108', 'north'],
  ['深圳', 'Shenzhen', '440305', 'south'],
  ['广州', 'Guangzhou', '440106', 'south'],
  ['杭州', 'Hangzhou', '330106', 'east'],
  ['南京', 'Nanjing', '320102', 'east'],
  ['苏州', 'Suzhou', '320505', 'east'],
  ['成都', 'Chengdu', '510107', 'southwest'],
  ['重庆', 'Chongqing', '500112', 'southwest'],
  ['武汉', 'Wuhan', '420106', 'central'],
  ['长沙', 'Changsha', '430104', 'central'],
  ['西安', "Xi'an", '610113', 'northwest'],
  ['沈阳', 'Shenyang', '210102', 'northeast'],
  ['青岛', 'Qingdao', '370202', 'east'],
  ['天津', 'Tianjin', '120103', 'north'],
  ['郑州', 'Zhengzhou', '410105', 'central'],
  ['无锡', 'Wuxi', '320211', 'east'],
  ['厦门', 'Xiamen', '350203', 'south'],
] as const
const first = [...'启恒远博嘉瑞鸿华盛达明泰安信德润森凯景云海星宏骏卓新联中天金捷创智']
const second = [...'明远达通科信辰泽源润诚盛航翔骏峰宇川岳林阳瑞宁川卓尔特维思博立']
const english = [
  'Beacon',
  'Harbour',
  'Northgate',
  'Silverline',
  'Evergreen',
  'Redwood',
  'Bluepeak',
  'Summit',
  'Lakeside',
  'Crown',
  'Orient',
  'Pacific',
  'Meridian',
  'Keystone',
  'Starlight',
  'Highland',
  'Riverbank',
  'Goldfield',
  'Westbrook',
  'Sunrise',
  'Cedar',
  'Falcon',
  'Horizon',
  'Union',
]
const englishSecond = [
  'Trading',
  'Logistics',
  'Foods',
  'Textiles',
  'Hotels',
  'Precision',
  'Pharma',
  'Motors',
  'Energy',
  'Semiconductor',
  'Retail',
  'Chemicals',
  'Education',
  'Media',
  'Marine',
]
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧']
const pinyin: Record<string, string> = {
  王: 'wang',
  李: 'li',
  张: 'zhang',
  刘: 'liu',
  陈: 'chen',
  杨: 'yang',
  赵: 'zhao',
  黄: 'huang',
  周: 'zhou',
  吴: 'wu',
  徐: 'xu',
  孙: 'sun',
  胡: 'hu',
  朱: 'zhu',
  高: 'gao',
  林: 'lin',
  何: 'he',
  郭: 'guo',
  马: 'ma',
  罗: 'luo',
  梁: 'liang',
  宋: 'song',
  郑: 'zheng',
  谢: 'xie',
  韩: 'han',
  唐: 'tang',
  冯: 'feng',
  于: 'yu',
  董: 'dong',
  萧: 'xiao',
}
const given = [
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '磊',
  '军',
  '洋',
  '勇',
  '艳',
  '杰',
  '娟',
  '涛',
  '明',
  '超',
  '秀英',
  '晓东',
  '志强',
  '建国',
  '雪梅',
  '子涵',
  '浩然',
  '思远',
  '佳怡',
  '文博',
  '雨桐',
  '俊杰',
  '梦瑶',
]
const englishGiven = [
  'Grace',
  'Peter',
  'Helen',
  'Kevin',
  'Alice',
  'Jason',
  'Linda',
  'Frank',
  'Cindy',
  'Eric',
  'Vivian',
  'Leo',
]

interface Human {
  readonly as: string
  readonly name: string
  readonly email: string
  readonly roles: readonly string[]
  readonly partner?: string
  readonly locale: 'en' | 'zh'
}
const users: Human[] = []
function human(domain: string, roles: readonly string[], more: Partial<Human> = {}): Human {
  const surname = pick(surnames)
  const latin = chance(0.12)
  const name =
    more.name ??
    (latin
      ? `${pick(englishGiven)} ${surname in pinyin ? cap(pinyin[surname]!) : 'Li'}`
      : surname + pick(given))
  const as = more.as ?? `u${String(users.length + 1).padStart(3, '0')}`
  const made: Human = {
    as,
    name,
    email: more.email ?? `${pinyin[surname] ?? 'li'}.${as}@${domain}`,
    roles,
    ...(more.partner ? { partner: more.partner } : {}),
    locale: more.locale ?? (latin ? 'en' : 'zh'),
  }
  users.push(made)
  return made
}
const cap = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

const vendor = 'xinghan.example'
const accounts: { user: string; role: { en: string; zh: string } }[] = []
const account = (user: Human, en: string, zh: string) => {
  accounts.push({ user: user.as, role: { en, zh } })
  return user
}
const demo = (key: string, name: string, roles: string[], more: Partial<Human> = {}) =>
  human(vendor, roles, { as: key, name, email: `${key}@demo.example`, ...more })
account(demo('admin', '徐海伦', ['business_admin']), 'Business admin', '业务管理员')
const manager = account(demo('manager', '李伟', ['channel_manager']), 'Channel manager', '渠道经理')
const director = account(demo('director', '周敏', ['director']), 'Channel director', '渠道总监')
account(demo('finance', '何静', ['finance']), 'Finance', '财务')
const managers = [manager, ...Array.from({ length: 5 }, () => human(vendor, ['channel_manager']))]
human(vendor, ['finance'])

// Partners: the first of each business is where the demo accounts work.
interface Partner {
  readonly as: string
  readonly it: boolean
  readonly manager: string
  readonly sales: string[]
  readonly city: (typeof cities)[number]
  readonly joined: number
  readonly weight: number
}
const partners: Partner[] = []
const partnerRows: unknown[][] = []
const contactRows: unknown[][] = []
const keys = new Set<string>()
function fresh(make: () => string): string {
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

const lineRows = [
  ['l_tv', 'CE-TV', '智慧屏 Smart TV', true],
  ['l_audio', 'CE-AU', '影音设备 Audio', true],
  ['l_wear', 'CE-WE', '穿戴设备 Wearables', true],
  ['l_home', 'CE-HO', '智能家居 Smart home', true],
  ['l_srv', 'IT-SRV', '服务器 Servers', true],
  ['l_sto', 'IT-STO', '存储 Storage', true],
  ['l_net', 'IT-NET', '网络 Networking', true],
  ['l_cloud', 'IT-CLD', '混合云 Hybrid cloud', true],
  ['l_old', 'IT-PBX', '程控交换机 PBX (停产)', false],
].map(([as, code, name, active]) => [`@${as}`, '@admin', at(-700, 2), code, name, active])
const lines = { ce: ['l_tv', 'l_audio', 'l_wear', 'l_home'], it: ['l_srv', 'l_sto', 'l_net', 'l_cloud'] }
const customerForms = {
  it: [
    '医院',
    '大学',
    '银行股份有限公司',
    '证券有限责任公司',
    '智能制造有限公司',
    '港务集团有限公司',
    '水务集团有限公司',
    '数据服务有限公司',
    '汽车零部件有限公司',
    '电力设计院',
  ],
  ce: [
    '酒店管理有限公司',
    '百货有限公司',
    '连锁超市有限公司',
    '物业服务有限公司',
    '置业有限公司',
    '家居有限公司',
    '文化传媒有限公司',
    '中学',
    '餐饮管理有限公司',
    '健身管理有限公司',
  ],
}
const notes = [
  '老机房扩容,预算已批。',
  '客户已看过样机,等待招标公告。',
  '与竞品对比测试中,技术评分领先。',
  'Renewal of a five-year-old installation; budget confirmed.',
  '新门店开业配套采购。',
  '集团统一采购,分三批到货。',
  'Pilot of 20 units went well; roll-out planned.',
  '总包方推荐,需原厂支持方案。',
]

const reasons = ['other_partner', 'direct', 'not_eligible', 'incomplete', 'no_project']
const weighted = partners.flatMap((one) => Array.from({ length: one.weight }, () => one))
const rows: { at: string; row: unknown[] }[] = []
for (let n = 0; n < 2000; n++) {
  // The first are the demo partner's own, so that every state can be seen when one signs in.
  const partner = n < 40 ? partners[n % 3 === 2 ? 4 : 0]! : pick(weighted)
  const business = partner.it ? 'it' : 'ce'
  const offset = n < 14 ? -whole(0, 80) : -Math.floor(364 * random() ** 1.15)
  const age = -offset
  const city = chance(0.7) ? partner.city : pick(cities)
  const latin = chance(0.13)
  const customer = fresh(() =>
    latin
      ? `${pick(english)} ${pick(first) ? pick(english) : ''} ${pick(englishSecond)} (${city[1]}) Co., Ltd.`
      : `${city[0]}${pick(first)}${pick(second)}${chance(0.5) ? pick(first) : ''}${pick(customerForms[business])}`,
  )
  const cents = partner.it ? 60_000 + random() ** 3 * 3_200_000 : 15_000 + random() ** 2.2 * 600_000
  const amount = `${Math.round(cents / 100) * 100}.00`
  const seller = pick(partner.sales)
  const submittedAt = at(offset)
  const decided = Math.min(0, offset + whole(0, 3))
  const large = Number(amount) >= 500_000
  const dice = random()
  const state =
    age <= 3 || (age <= 6 && dice < 0.35)
      ? 'submitted'
      : age <= 90
        ? dice < 0.09
          ? 'rejected'
          : dice < 0.2
            ? 'won'
            : dice < 0.23
              ? 'lost'
              : 'approved'
        : dice < 0.12
          ? 'rejected'
          : dice < 0.55
            ? 'won'
            : dice < 0.8
              ? 'lost'
              : 'lapsed'
  const submitted = { from: day(offset), to: day(offset + 90) }
  const by = large ? director.as : partner.manager
  const steps: unknown[][] = []
  if (state === 'rejected')
    steps.push([
      at(decided, 10),
      `@${by}`,
      { state: 'rejected', refusal_reason: reasons[n % reasons.length] },
    ])
  else if (state !== 'submitted') {
    steps.push([
      at(decided, 10),
      `@${by}`,
      {
        state: 'approved',
        approved_on: day(decided),
        protection_days: 90,
        protection: { from: day(decided), to: day(decided + 90) },
      },
    ])
    const ended = Math.min(0, decided + whole(10, 85))
    if (state === 'won' || state === 'lost') steps.push([at(ended, 11), `@${seller}`, { state }])
    if (state === 'lapsed') steps.push([at(Math.min(0, decided + 90), 12), '@admin', { state }])
  }
  rows.push({
    at: submittedAt,
    row: [
      `@r${String(n + 1).padStart(4, '0')}`,
      `@${seller}`,
      submittedAt,
      state === 'submitted',
      `@${partner.as}`,
      customer,
      chance(0.6) ? creditCode(chance(0.2) ? '12' : '91', city[2]) : null,
      `@${pick(lines[business])}`,
      amount,
      day(offset + whole(20, 150)),
      chance(0.7) ? pick(surnames) + pick(given) : null,
      null,
      large || chance(0.3) ? pick(notes) : null,
      'submitted',
      submitted,
      `@${seller}`,
      submittedAt,
      null,
      steps,
    ],
  })
}
// Somebody with a name also has a phone; the form asks in that order.
for (const { row } of rows)
  if (row[10] !== null && chance(0.8)) row[11] = `+861${pick(['38', '39', '58'])}${digits(8)}`
// What the customer is to buy, as far as the partner knows it: products of the line, priced, together about the amount.
const products: Record<string, readonly (readonly [name: string, price: number])[]> = {
  l_tv: [
    ['75 英寸商用智慧屏', 6999],
    ['86 英寸会议平板', 15999],
    ['壁挂支架', 269.5],
  ],
  l_audio: [
    ['吸顶音箱', 899],
    ['无线会议麦克风', 1280],
    ['Soundbar S5', 2499.9],
  ],
  l_wear: [
    ['智能手表 Pro', 1999],
    ['健康手环 7', 249.9],
  ],
  l_home: [
    ['智能门锁 X2', 1699],
    ['全屋网关', 599],
    ['窗帘电机', 459.5],
  ],
  l_srv: [
    ['2U 机架服务器 R5200', 38999.99],
    ['GPU 服务器 G5500', 268000],
    ['Rack installation', 1200],
  ],
  l_sto: [
    ['全闪存阵列 AF3000', 186500],
    ['16 TB 硬盘', 2150.5],
    ['Five-year maintenance', 24800],
  ],
  l_net: [
    ['48 口万兆交换机', 12800],
    ['企业级无线接入点', 1499.9],
    ['防火墙 FW2000', 46500],
  ],
  l_cloud: [
    ['混合云订阅(年)', 58000],
    ['迁移服务(人天)', 2600],
  ],
}
for (const { row } of rows) {
  if (!chance(0.35)) continue
  const offered = products[String(row[7]).slice(1)] ?? []
  const kinds = Math.min(offered.length, whole(1, 3))
  row[17] = offered.slice(0, kinds).map(([product, price]) => ({
    product,
    quantity: Math.max(1, Math.round(Number(row[8]) / kinds / price)),
    unit_price: price.toFixed(2),
  }))
}
rows.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))

const issuers = ['市场监督管理局', '华夏认证中心', 'China Quality Assurance', '省通信管理局']
const more = ['iso_9001', 'iso_27001', 'security', 'industry']
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

function write(
  pack: string,
  data: Record<string, unknown>,
  tables: readonly { object: string; fields: readonly string[]; rows: readonly unknown[][] }[],
) {
  const line = (value: unknown) => JSON.stringify(value)
  const body = tables
    .map(
      (table) =>
        `    {\n      "object": ${line(table.object)},\n      "fields": ${line(table.fields)},\n      "rows": [\n${table.rows.map((row) => `        ${line(row)}`).join(',\n')}\n      ]\n    }`,
    )
    .join(',\n')
  const head = Object.entries(data)
    .map(([key, value]) =>
      Array.isArray(value)
        ? `  ${line(key)}: [\n${value.map((item) => `    ${line(item)}`).join(',\n')}\n  ]`
        : `  ${line(key)}: ${line(value)}`,
    )
    .join(',\n')
  mkdirSync(`${templates}${pack}/demo`, { recursive: true })
  writeFileSync(`${templates}${pack}/demo/data.json`, `{\n${head},\n  "tables": [\n${body}\n  ]\n}\n`)
}
write('partner_master', { base, users, accounts }, [
  {
    object: 'partner',
    fields: [
      '$as',
      '$by',
      '$at',
      'legal_name',
      'uscc',
      'type',
      'parent',
      'tier',
      'region',
      'channel_manager',
      'status',
      'joined_on',
      'website',
      'phone',
      'annual_commitment',
      'certificates',
    ],
    rows: partnerRows,
  },
  {
    object: 'contact',
    fields: ['$as', '$by', '$at', 'partner', 'name', 'job', 'phone', 'email', 'languages', 'decision_maker'],
    rows: contactRows,
  },
])
write('deal_registration', { base }, [
  { object: 'product_line', fields: ['$as', '$by', '$at', 'code', 'name', 'active'], rows: lineRows },
  {
    object: 'registration',
    fields: [
      '$as',
      '$by',
      '$at',
      '$start',
      'partner',
      'customer_name',
      'customer_uscc',
      'product_line',
      'amount',
      'close_on',
      'contact_name',
      'contact_phone',
      'note',
      'state',
      'protection',
      'submitted_by',
      'submitted_at',
      'items',
      '$steps',
    ],
    rows: rows.map((one) => one.row),
  },
])
console.log(
  `${users.length} users, ${partnerRows.length} partners, ${contactRows.length} contacts, ${rows.length} records with a flow`,
)
