import { at, chance, creditCode, day, digits, pick, whole } from './chance.ts'
import { customerForms, first, given, second, surnames } from './names.ts'
import { fresh, type Partner, partners } from './partners.ts'
import { managers } from './people.ts'
import { lines } from './registrations.ts'

interface Authorisation {
  readonly as: string
  readonly partner: Partner
  readonly line: string
  readonly contact: string
}

const sources = ['website', 'website', 'website', 'event', 'hotline', 'campaign', 'referral']
const needs = [
  '官网留言:希望了解方案与报价。',
  '展会现场扫码,要求一周内上门交流。',
  '来电咨询,项目预算已列入本季度。',
  'Asked for a demonstration and references in the same trade.',
  '老客户推荐,计划替换现有设备。',
  '新店筹备,需成套采购建议。',
]
const said: readonly (readonly [kind: string, note: string])[] = [
  ['call', '电话确认需求与决策流程,约定上门时间。'],
  ['wechat', '微信发送产品资料与案例。'],
  ['visit', '上门拜访,完成现场勘查。'],
  ['demo', '完成样机演示,客户反馈良好。'],
  ['email', 'Sent a quotation; they answer next week.'],
]
const closings = ['no_need', 'no_budget', 'competitor', 'unreachable']
const mobile = () => `+861${pick(['38', '39', '58', '86'])}${digits(8)}`

/** Who may sell what where, and the leads of the last two months: most followed up, some silent, a few in the pool. */
export function makeLeads() {
  const authorisations: Authorisation[] = []
  const authorisationRows = partners.flatMap((partner) =>
    lines[partner.it ? 'it' : 'ce'].slice(0, whole(2, 4)).map((line) => {
      const as = `au${String(authorisations.length + 1).padStart(3, '0')}`
      const contact = partner.sales[0] as string
      authorisations.push({ as, partner, line, contact })
      return [
        `@${as}`,
        `@${partner.manager}`,
        at(-whole(200, 390)),
        `@${partner.as}`,
        `@${line}`,
        partner.city[3],
        `@${contact}`,
        partner.weight * 10,
        partner.weight * 8,
        whole(12, 20) * 5,
        true,
      ]
    }),
  )
  const leads: { at: string; row: unknown[] }[] = []
  const activityRows: unknown[][] = []
  const assignmentRows: unknown[][] = []
  for (let n = 0; n < 140; n++) {
    // The first are the demo partner's own.
    const own = authorisations.filter(({ partner }) => partner === partners[0])
    const authorisation = n < 14 ? pick(own) : pick(authorisations)
    const { partner, line, contact } = authorisation
    const age = n < 3 ? 1 : whole(2, 60)
    const made = at(-age, 2)
    const dice = random(n)
    const company = fresh(
      () =>
        `${partner.city[0]}${pick(first)}${pick(second)}${pick(first)}${pick(customerForms[partner.it ? 'it' : 'ce'])}`,
    )
    const state =
      n < 3
        ? 'new'
        : dice < 0.5
          ? 'accepted'
          : dice < 0.72
            ? 'converted'
            : dice < 0.84
              ? 'closed'
              : dice < 0.92
                ? 'pool'
                : 'new'
    const held = state !== 'new' && state !== 'pool'
    const as = `ld${String(n + 1).padStart(3, '0')}`
    const accepted = at(-age + 1, 3)
    const steps: unknown[][] = []
    if (held) {
      const next = day(Math.max(-age + 2, 0) + whole(0, 9))
      steps.push([
        accepted,
        `@${contact}`,
        { state: 'accepted', accepted_at: accepted, owner_person: `@${contact}`, next_step_on: next },
      ])
      if (state === 'converted')
        steps.push([
          at(-Math.max(0, age - whole(3, 9)), 8),
          `@${contact}`,
          { state, expected_amount: `${whole(3, 90) * 10_000}.00`, close_on: day(whole(10, 90)) },
        ])
      if (state === 'closed')
        steps.push([at(-Math.max(0, age - 9), 8), `@${contact}`, { state, close_reason: pick(closings) }])
      for (const [kind, note] of said.slice(0, Math.min(said.length, whole(1, 4))))
        activityRows.push([
          `@${contact}`,
          accepted,
          `@${as}`,
          `@${partner.as}`,
          kind,
          day(Math.min(0, -age + whole(1, 6))),
          note,
          `@${contact}`,
        ])
    }
    if (chance(0.2)) {
      const silent = pick(authorisations)
      assignmentRows.push([
        null,
        made,
        `@${as}`,
        `@${silent.partner.as}`,
        `@${silent.contact}`,
        made,
        at(-age + 1, 2),
        'silent',
      ])
    }
    if (held)
      assignmentRows.push([
        null,
        accepted,
        `@${as}`,
        `@${partner.as}`,
        `@${contact}`,
        made,
        accepted,
        'accepted',
      ])
    if (state === 'pool') steps.push([accepted, null, { state: 'pool' }])
    leads.push({
      at: made,
      row: [
        `@${as}`,
        `@${pick(managers).as}`,
        made,
        state === 'new',
        company,
        pick(surnames) + pick(given),
        mobile(),
        partner.city[3],
        `@${line}`,
        pick(needs),
        pick(sources),
        held ? 'offered' : 'new',
        held ? `@${authorisation.as}` : null,
        held ? made : null,
        state === 'converted' ? creditCode('91', partner.city[2]) : null,
        steps,
      ],
    })
  }
  leads.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return { authorisationRows, leadRows: leads.map(({ row }) => row), activityRows, assignmentRows }
}

/** The demo partner's leads show every state in turn; the others come as they fall. */
function random(n: number): number {
  return n < 14 ? (n % 7) / 7 : whole(0, 999) / 1000
}
