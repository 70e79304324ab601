import type { PickOffer } from '../../../src/api/flows.ts'
import { useSpeech } from '../../words/i18n.ts'
import { PeoplePicker } from './PeoplePicker.tsx'

/** People chosen for steps, by the ids of the steps. */
export type Picks = Readonly<Record<string, readonly string[]>>

/** What was chosen before stands chosen. */
export function firstPicks(offers: readonly PickOffer[]): Picks {
  return Object.fromEntries(
    offers.flatMap(({ node, chosen }) => (chosen.length === 0 ? [] : [[node, chosen.map(({ id }) => id)]])),
  )
}

/** Steps for which too few are chosen. */
export function lackingPicks(offers: readonly PickOffer[], picks: Picks): string[] {
  return offers
    .filter(({ node, min, needed }) => {
      const count = picks[node]?.length ?? 0
      return count < min && (needed || count > 0)
    })
    .map(({ node }) => node)
}

/** Only what was chosen, for nobody chooses nobody, and what is asked for by now. */
export function writePicks(offers: readonly PickOffer[], picks: Picks): Picks {
  return Object.fromEntries(offers.flatMap(({ node }) => (picks[node]?.length ? [[node, picks[node]]] : [])))
}

export const pickInputId = (node: string) => `pick-${node}`

/** Asks whom the case goes to, step by step. */
export function PickInputs({
  flow,
  task,
  offers,
  value,
  missing,
  onChange,
}: {
  flow: string
  /** My task at which they are chosen; without it a case is started. */
  task?: string
  offers: readonly PickOffer[]
  value: Picks
  missing: readonly string[]
  onChange(value: Picks): void
}) {
  const { say, locale } = useSpeech()
  return offers.map(({ node, title, min, max, needed, chosen }) => (
    <PeoplePicker
      key={node}
      id={pickInputId(node)}
      label={say('pick.who', { step: title[locale] })}
      description={say(
        min === max ? 'pick.exactly' : max >= 100 ? 'pick.least' : min === 1 ? 'pick.most' : 'pick.between',
        { min, max, count: min },
      )}
      required={needed}
      most={max}
      within={{ flow, node, ...(task === undefined ? {} : { task }) }}
      known={chosen}
      error={missing.includes(node) ? say('pick.missing', { min }) : undefined}
      value={value[node] ?? []}
      onChange={(people) => onChange({ ...value, [node]: people })}
    />
  ))
}
