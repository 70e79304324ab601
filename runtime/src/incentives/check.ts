import type { DefinitionSet } from '../definition/definition-set.ts'
import { type Diagnostic, hasErrors } from '../definition/diagnostic.ts'
import type { FieldDefinition, ObjectDefinition } from '../definition/object.ts'
import type { PlanDefinition } from '../definition/plan.ts'
import { findParty } from '../definition/scopes.ts'
import { diagnose } from '../errors/diagnose.ts'
import {
  planCliff,
  planDateUnfit,
  planDays,
  planEarnerUnfit,
  planFieldUnknown,
  planFirstBand,
  planMeasureOf,
  planMeasureUnknown,
  planMethodUnknown,
  planNegative,
  planNotRising,
  planObjectUnknown,
  planPartyMissing,
  planRowsOrder,
  planRowTwice,
  planSlicesMeasure,
} from '../errors/incentives.ts'
import { isDate } from '../logic/calendar.ts'
import { compare } from './arithmetic.ts'
import type { BandMethod } from './band-method.ts'
import { bandMethods, findBandMethod } from './index.ts'
import { checkPlanRules } from './rules.ts'
import { showNumber, showPercent } from './words.ts'

/** What is wrong with a plan, and what its author should think of twice. The meta-schema holds already. Never throws. */
export function checkPlan(plan: PlanDefinition, set: DefinitionSet): Diagnostic[] {
  const object = set.objects.get(plan.events.object)
  return [
    ...checkDays(plan),
    ...(object === undefined
      ? [diagnose(planObjectUnknown, '/events/object', { object: plan.events.object })]
      : [...checkEvents(plan, object, set), ...checkPlanRules(plan, set).diagnostics]),
    ...checkMeasures(plan),
    ...checkBands(plan),
    ...checkNotNegative('/cap', plan.cap),
  ]
}

function checkDays({ effective: { from, to } }: PlanDefinition): Diagnostic[] {
  if (!isDate(from)) return [diagnose(planDays, '/effective/from')]
  if (to !== undefined && (!isDate(to) || to < from)) return [diagnose(planDays, '/effective/to')]
  return []
}

function checkEvents(plan: PlanDefinition, object: ObjectDefinition, set: DefinitionSet): Diagnostic[] {
  const found: Diagnostic[] = []
  const { date, earner } = plan.events
  const fields = object.schema.properties
  const dateField = fields[date]
  if (dateField === undefined) {
    found.push(diagnose(planFieldUnknown, '/events/date', { object: object.key, field: date }))
  } else if (dateField['x-field'] !== 'date' && dateField['x-field'] !== 'datetime') {
    found.push(diagnose(planDateUnfit, '/events/date', { field: date }))
  }
  const party = findParty(set)
  const earnerField = fields[earner] as FieldDefinition | undefined
  if (earnerField === undefined) {
    found.push(diagnose(planFieldUnknown, '/events/earner', { object: object.key, field: earner }))
  } else if (party === undefined) {
    found.push(diagnose(planPartyMissing, '/events/earner'))
  } else if (earnerField['x-field'] !== 'reference' || earnerField['x-object'] !== party.key) {
    found.push(diagnose(planEarnerUnfit, '/events/earner', { field: earner }))
  }
  return found
}

function checkMeasures(plan: PlanDefinition): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const [key, measure] of Object.entries(plan.measures)) {
    if ((measure.method === 'sum') !== (measure.of !== undefined))
      found.push(diagnose(planMeasureOf, `/measures/${key}`))
  }
  const measures = Object.keys(plan.measures).join(', ')
  for (const place of ['lookup', 'payOn'] as const) {
    const measure = plan.bands[place]
    if (!Object.hasOwn(plan.measures, measure)) {
      found.push(diagnose(planMeasureUnknown, `/bands/${place}`, { measure, measures }))
    }
  }
  return found
}

function checkBands({ bands }: PlanDefinition): Diagnostic[] {
  const found: Diagnostic[] = []
  const method = findBandMethod(bands.method)
  if (method === undefined) {
    const methods = bandMethods.map((candidate) => candidate.name).join(', ')
    found.push(diagnose(planMethodUnknown, '/bands/method', { method: bands.method, methods }))
  } else if (method.sliced && bands.unit === 'rate' && bands.lookup !== bands.payOn) {
    found.push(diagnose(planSlicesMeasure, '/bands/lookup'))
  }
  const ids = new Set<string>()
  for (const [index, row] of bands.rows.entries()) {
    const path = `/bands/rows/${index}`
    const before = bands.rows[index - 1]
    if (ids.has(row['x-id'])) found.push(diagnose(planRowTwice, `${path}/x-id`, { id: row['x-id'] }))
    ids.add(row['x-id'])
    found.push(...checkNotNegative(`${path}/from`, row.from), ...checkNotNegative(`${path}/value`, row.value))
    if (before !== undefined && compare(row.from, before.from) <= 0) {
      found.push(diagnose(planRowsOrder, `${path}/from`, { from: row.from, before: before.from }))
    }
  }
  if (method === undefined || hasErrors(found)) return found
  return [...found, ...warnOfBands(bands, method)]
}

/** What is allowed and yet often a slip. Bands cannot leave gaps: each ends where the next begins. */
function warnOfBands(bands: PlanDefinition['bands'], method: BandMethod): Diagnostic[] {
  const found: Diagnostic[] = []
  const warn = { severity: 'warning' } as const
  const first = bands.rows[0]
  if (first !== undefined && compare(first.from, '0') > 0) {
    found.push(diagnose(planFirstBand, '/bands/rows/0/from', { from: first.from }, warn))
  }
  const show = bands.unit === 'rate' ? showPercent : showNumber
  const rows = bands.rows.map((row) => ({ id: row['x-id'], from: row.from, value: row.value }))
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1]
    if (before === undefined) continue
    const path = `/bands/rows/${index}`
    // Fixed amounts of slices add up, so a smaller one above is no fall.
    if (compare(row.value, before.value) < 0 && !(method.sliced && bands.unit === 'fixed')) {
      found.push(
        diagnose(
          planNotRising,
          `${path}/value`,
          { value: show(row.value), before: show(before.value) },
          warn,
        ),
      )
    }
    if (
      method.jumps &&
      bands.unit === 'rate' &&
      bands.lookup === bands.payOn &&
      compare(row.value, before.value) !== 0
    ) {
      const at = (side: 'lower' | 'upper') =>
        method.compute({ lookup: row.from, payOn: row.from, bound: side, unit: 'rate', rows }).amount
      const values = {
        from: showNumber(row.from),
        before: showNumber(at('upper')),
        after: showNumber(at('lower')),
      }
      found.push(diagnose(planCliff, `${path}/from`, values, warn))
    }
  }
  return found
}

function checkNotNegative(path: string, value: string | undefined): Diagnostic[] {
  return value !== undefined && compare(value, '0') < 0 ? [diagnose(planNegative, path, { value })] : []
}
