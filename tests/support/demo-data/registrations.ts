import { at, chance, creditCode, day, digits, pick, random, whole } from './chance.ts'
import {
  cities,
  customerForms,
  english,
  englishSecond,
  first,
  given,
  notes,
  second,
  surnames,
} from './names.ts'
import { fresh, partners } from './partners.ts'
import { director } from './people.ts'

export const lineRows = [
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
export const lines = {
  ce: ['l_tv', 'l_audio', 'l_wear', 'l_home'],
  it: ['l_srv', 'l_sto', 'l_net', 'l_cloud'],
}
const reasons = ['other_partner', 'direct', 'not_eligible', 'incomplete', 'no_project']
const weighted = partners.flatMap((one) => Array.from({ length: one.weight }, () => one))
export const rows: { at: string; row: unknown[] }[] = []
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
