import type { Operator } from '../operator.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { and } from './and.ts'
import { between } from './between.ts'
import { cat } from './cat.ts'
import { ceil } from './ceil.ts'
import { coalesce } from './coalesce.ts'
import { companyKey } from './company-key.ts'
import { contains } from './contains.ts'
import { dateAdd } from './date-add.ts'
import { dateDiff } from './date-diff.ts'
import { div } from './div.ts'
import { divide } from './divide.ts'
import { empty } from './empty.ts'
import { equal } from './equal.ts'
import { exists } from './exists.ts'
import { floor } from './floor.ts'
import { greater } from './greater.ts'
import { greaterOrEqual } from './greater-or-equal.ts'
import { when } from './if.ts'
import { isIn } from './in.ts'
import { len } from './len.ts'
import { less } from './less.ts'
import { lessOrEqual } from './less-or-equal.ts'
import { lower } from './lower.ts'
import { max } from './max.ts'
import { min } from './min.ts'
import { mod } from './mod.ts'
import { multiply } from './multiply.ts'
import { neg } from './neg.ts'
import { not } from './not.ts'
import { notEqual } from './not-equal.ts'
import { or } from './or.ts'
import { period } from './period.ts'
import { round } from './round.ts'
import { startsWith } from './starts-with.ts'
import { subtract } from './subtract.ts'
import { upper } from './upper.ts'
import { variable } from './var.ts'

/** THE list of operators, by the name of their file. Palette, checker, SQL, formula text and tests come from it. */
export const operators: readonly Operator[] = [
  abs,
  add,
  and,
  between,
  cat,
  ceil,
  coalesce,
  companyKey,
  contains,
  dateAdd,
  dateDiff,
  div,
  divide,
  empty,
  equal,
  exists,
  floor,
  greater,
  greaterOrEqual,
  when,
  isIn,
  len,
  less,
  lessOrEqual,
  lower,
  max,
  min,
  mod,
  multiply,
  neg,
  not,
  notEqual,
  or,
  period,
  round,
  startsWith,
  subtract,
  upper,
  variable,
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
