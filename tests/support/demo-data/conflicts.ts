import { normaliseCompanyName } from '@channelwright/runtime/logic/operators/shared/company-name.ts'
import { similarityOf } from '@channelwright/runtime/logic/operators/similarity.ts'
import { chance, creditCode, day, pick, whole } from './chance.ts'
import { first, given, second, surnames } from './names.ts'
import { fresh, type Partner, partners } from './partners.ts'
import { director, human, managers, users } from './people.ts'
import { lines } from './registrations.ts'

const trades = {
  it: ['智能装备制造', '精密机械制造', '港口物流管理', '生物医药研发'],
  ce: ['连锁酒店管理', '商业广场管理', '家居用品零售', '餐饮连锁管理'],
}
const reasons = ['first_complete', 'first_complete', 'decision_maker', 'incumbent', 'evidence']
const rulings = [
  '资料完整且最先提交。',
  '已与客户决策人会面,纪要可核实。',
  'Serves the customer since 2023; the contract was shown.',
  '现场勘查记录与报价单齐全。',
]
const evidence = [
  '3 次上门拜访记录,客户信息科签字。',
  '已提交方案与报价,客户邮件确认。',
  'Meeting with the IT director, minutes attached.',
  '仅电话沟通一次。',
  null,
]
const appeals = [
  ['裁定前已与客户技术总监会面并提交方案。', '参会:客户技术总监、我方售前;议题:选型;客户签字纪要。'],
  [
    'We met the buyer a week before the other filing.',
    'With the head of purchasing; minutes signed by both sides.',
  ],
  ['客户指定由我司跟进,附客户说明。', '参会:客户总经理、我方销售经理;会议室签到表可查。'],
] as const

interface Filing {
  readonly as: string
  readonly deal: string
  readonly partner: Partner | null
  readonly person: string
  readonly name: string
  readonly at: string
  readonly complete: boolean
}

const later = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString()

/** Registrations that turned out to be of one customer, over half a year: a few to be decided, some reversed. */
export function makeConflicts() {
  const known = users.length
  const direct = Array.from({ length: 3 }, () => human('xinghan.example', ['direct_sales']))
  const dealRows: unknown[][] = []
  const conflictRows: unknown[][] = []
  const partyRows: unknown[][] = []
  const rulingRows: unknown[][] = []
  const appealRows: unknown[][] = []
  for (let n = 0; n < 24; n++) {
    // Every third is one of the demo partner's own.
    const own = n % 3 === 0 ? (partners[0] as Partner) : pick(partners)
    const rival = pick(partners.filter((one) => one.it === own.it && one !== own))
    const business = own.it ? 'it' : 'ce'
    const line = pick(lines[business])
    const offset = n < 4 ? -1 - (n % 2) : -whole(4, 170)
    const began = `${day(offset)}T0${whole(1, 5)}:${whole(10, 49)}:00.000Z`
    const uscc = creditCode('91', own.city[2])
    const names = spell(own, pick(trades[business]))
    // Two with the customer's code would exclude each other at once: no conflict would be needed.
    const full = chance(0.3) ? 0 : 1
    const filings = names.slice(0, n % 3 === 1 ? 3 : 2).map((name, at): Filing => {
      const partner = at === 2 ? null : at === n % 2 ? own : rival
      return {
        as: `cp${String(n + 1).padStart(2, '0')}_${at}`,
        deal: `cr${String(n + 1).padStart(2, '0')}_${at}`,
        partner,
        person: partner === null ? pick(direct).as : (partner.sales[0] as string),
        name,
        at: later(began, at * whole(2, 4)),
        complete: at === full,
      }
    })
    const opened = later(began, 6)
    const cf = `cf${String(n + 1).padStart(2, '0')}`
    const open = n < 3
    const turned = n > 3 && n % 6 === 4
    const heard = turned || n === 3 || n % 6 === 5
    const minutes = whole(4, 32) * 6
    // Some wait for the next day's desk: 15 of those hours it is closed.
    const decided = later(opened, chance(0.4) ? minutes + 1440 : minutes)
    const worked = (Date.parse(decided) - Date.parse(opened)) / 3_600_000
    const hours = (worked > 24 ? worked - 15 : worked).toFixed(1)
    const proposed = filings.find((one) => one.complete) ?? (filings[0] as Filing)
    const loser = filings.find((one) => one !== proposed && one.partner !== null) as Filing
    const judge = pick(managers).as
    const reversed = later(decided, 1500)
    const on = (at: string) => at.slice(0, 10)
    conflictRows.push([`@${cf}`, null, opened, open, names[0], `@${line}`, opened, 'open'])
    for (const [at, filing] of filings.entries()) {
      const { as, deal, partner, person, name, complete } = filing
      const wins = filing === proposed
      const dealSteps: unknown[][] = [[opened, null, { state: 'contested' }]]
      const steps: unknown[][] = [
        [opened, null, { state: 'frozen', conflict: `@${cf}`, likeness: alike(name, names[0] as string) }],
      ]
      const end = (won: boolean, then: string, by: string, more: object = {}) => {
        const protection = { from: on(then), to: day(dayOf(then) + 90) }
        dealSteps.push([
          then,
          `@${by}`,
          won
            ? { state: 'approved', approved_on: on(then), protection }
            : { state: 'rejected', refusal_reason: 'other_partner' },
        ])
        // What nobody closed has lapsed since.
        if (won && !(turned && wins) && dayOf(then) < -90)
          dealSteps.push([`${protection.to}T00:10:00.000Z`, '@admin', { state: 'lapsed' }])
        steps.push([then, `@${by}`, { state: won ? 'won' : 'lost', decided_on: on(then), hours, ...more }])
      }
      if (!open) end(wins, decided, judge)
      if (turned && wins) end(false, reversed, director.as, { reversed: true })
      if (turned && filing === loser) end(true, later(reversed, 1), director.as)
      dealRows.push([
        `@${deal}`,
        `@${person}`,
        filing.at,
        partner && `@${partner.as}`,
        name,
        complete ? uscc : null,
        `@${line}`,
        `${whole(8, 45) * 10_000}.00`,
        day(offset + whole(30, 120)),
        complete || chance(0.5) ? pick(surnames) + pick(given) : null,
        'submitted',
        { from: day(offset), to: day(offset + 90) },
        `@${person}`,
        filing.at,
        dealSteps,
      ])
      partyRows.push([
        `@${as}`,
        null,
        filing.at,
        `@${deal}`,
        partner && `@${partner.as}`,
        `@${person}`,
        name,
        normaliseCompanyName(name),
        `@${line}`,
        filing.at,
        complete,
        at === 0 ? null : `@${filings[0]?.as}`,
        pick(evidence),
        'new',
        false,
        steps,
      ])
    }
    const ruling: unknown[][] = [[later(opened, 10), null, { proposed: `@${proposed.as}` }]]
    const decision = { winner: `@${proposed.as}`, first_winner: `@${proposed.as}` }
    if (!open)
      ruling.push([
        decided,
        `@${judge}`,
        {
          ...decision,
          state: 'decided',
          reason: pick(reasons),
          ruling: pick(rulings),
          decided_at: decided,
          decided_on: on(decided),
          hours,
        },
      ])
    if (turned) ruling.push([reversed, `@${director.as}`, { state: 'reversed', winner: `@${loser.as}` }])
    if (!open) rulingRows.push([`@${cf}`, ruling])
    if (!heard) continue
    const [statement, meeting] = pick(appeals)
    const verdict = turned ? 'upheld' : 'dismissed'
    appealRows.push([
      `@${loser.person}`,
      later(decided, 90),
      n === 3,
      `@${loser.as}`,
      `@${cf}`,
      `@${(loser.partner as Partner).as}`,
      statement,
      meeting,
      day(offset - whole(2, 9)),
      'submitted',
      `@${loser.person}`,
      n === 3 ? [] : [[reversed, `@${director.as}`, { state: verdict }]],
    ])
  }
  const sorted = (rows: unknown[][], at: number) =>
    rows.sort((a, b) => (String(a[at]) < String(b[at]) ? -1 : String(a[at]) > String(b[at]) ? 1 : 0))
  return {
    people: users.splice(known),
    dealRows: sorted(dealRows, 2),
    conflictRows: sorted(conflictRows, 2),
    partyRows: sorted(partyRows, 2),
    rulingRows,
    appealRows,
  }
}

const alike = (name: string, other: string) =>
  (similarityOf(normaliseCompanyName(name), normaliseCompanyName(other)) / 10_000).toFixed(4)

/** Three ways to write one customer that the matcher takes for the same, and the exclusion of names doesn't. */
function spell({ city }: Partner, trade: string): string[] {
  for (;;) {
    const core = pick(first) + pick(second) + pick(first)
    const name = fresh(() => `${city[0]}${core}${trade}有限公司`)
    const others = [`${city[0]}${core}${trade}中心`, `${city[0]}${core}${trade}厂`].filter(
      (one) => Number(alike(one, name)) >= 0.85 && Number(alike(one, name)) < 1,
    )
    if (others.length === 2) return [name, ...others]
  }
}

/** Days from the base of the demo data. */
const dayOf = (at: string) =>
  Math.round((Date.parse(`${at.slice(0, 10)}T00:00:00Z`) - Date.parse(`${day(0)}T00:00:00Z`)) / 86_400_000)
