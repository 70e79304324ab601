import type { Operator } from '../operator.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { all } from './all.ts'
import { and } from './and.ts'
import { any } from './any.ts'
import { avg } from './avg.ts'
import { between } from './between.ts'
import { businessHoursAdd } from './business-hours-add.ts'
import { businessHoursBetween } from './business-hours-between.ts'
import { cat } from './cat.ts'
import { ceil } from './ceil.ts'
import { coalesce } from './coalesce.ts'
import { companyKey } from './company-key.ts'
import { contains } from './contains.ts'
import { count } from './count.ts'
import { dateAdd } from './date-add.ts'
import { dateDiff } from './date-diff.ts'
import { datePart } from './date-part.ts'
import { div } from './div.ts'
import { divide } from './divide.ts'
import { empty } from './empty.ts'
import { equal } from './equal.ts'
import { exists } from './exists.ts'
import { filter } from './filter.ts'
import { floor } from './floor.ts'
import { greater } from './greater.ts'
import { greaterOrEqual } from './greater-or-equal.ts'
import { when } from './if.ts'
import { isIn } from './in.ts'
import { isWorkday } from './is-workday.ts'
import { len } from './len.ts'
import { less } from './less.ts'
import { lessOrEqual } from './less-or-equal.ts'
import { lookup } from './lookup.ts'
import { lower } from './lower.ts'
import { map } from './map.ts'
import { max } from './max.ts'
import { maxOf } from './max-of.ts'
import { merge } from './merge.ts'
import { min } from './min.ts'
import { minOf } from './min-of.ts'
import { missing } from './missing.ts'
import { missingSome } from './missing-some.ts'
import { mod } from './mod.ts'
import { month } from './month.ts'
import { multiply } from './multiply.ts'
import { neg } from './neg.ts'
import { none } from './none.ts'
import { not } from './not.ts'
import { notEqual } from './not-equal.ts'
import { or } from './or.ts'
import { period } from './period.ts'
import { quarter } from './quarter.ts'
import { reduce } from './reduce.ts'
import { round } from './round.ts'
import { rule } from './rule.ts'
import { similarity } from './similarity.ts'
import { sort } from './sort.ts'
import { split } from './split.ts'
import { startsWith } from './starts-with.ts'
import { substr } from './substr.ts'
import { subtract } from './subtract.ts'
import { sum } from './sum.ts'
import { table } from './table.ts'
import { tiers } from './tiers.ts'
import { toBool } from './to-bool.ts'
import { attempt } from './try.ts'
import { upper } from './upper.ts'
import { variable } from './var.ts'
import { workdayAdd } from './workday-add.ts'
import { workdaysBetween } from './workdays-between.ts'
import { year } from './year.ts'

/** THE list of operators, by the name of their file. Palette, checker, SQL, formula text and tests come from it. */
export const operators: readonly Operator[] = [
  abs,
  add,
  all,
  and,
  any,
  avg,
  between,
  cat,
  ceil,
  coalesce,
  companyKey,
  contains,
  count,
  dateAdd,
  dateDiff,
  datePart,
  div,
  divide,
  empty,
  equal,
  exists,
  filter,
  floor,
  greater,
  greaterOrEqual,
  when,
  isIn,
  len,
  less,
  lessOrEqual,
  lower,
  map,
  max,
  maxOf,
  merge,
  min,
  minOf,
  missing,
  missingSome,
  mod,
  month,
  multiply,
  neg,
  none,
  not,
  notEqual,
  or,
  period,
  quarter,
  reduce,
  round,
  sort,
  startsWith,
  substr,
  subtract,
  sum,
  toBool,
  attempt,
  upper,
  rule,
  table,
  split,
  tiers,
  businessHoursAdd,
  businessHoursBetween,
  isWorkday,
  workdayAdd,
  workdaysBetween,
  lookup,
  similarity,
  variable,
  year,
]

// A Map, not an object: `{"constructor": …}` names no operator.
const byName = new Map(
  operators.flatMap((o) => [o.name, ...(o.aliases ?? [])].map((name) => [name, o] as const)),
)

/** By name or alias. */
export function findOperator(name: string): Operator | undefined {
  return byName.get(name)
}

/** Every spelling, and `dec`, which writes an exact number. */
export const operatorNames: readonly string[] = [...byName.keys(), 'dec']
