import { existsSync, readFileSync } from 'node:fs'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { type SqlResolver, sqlType } from '@channelwright/runtime/logic/compile-sql.ts'
import { scopeFromFields } from '@channelwright/runtime/logic/scope.ts'
import type { RuleScope, RuleType } from '@channelwright/runtime/logic/types.ts'
import { caseLibrary, caseObjects, caseRecords } from './case-library.ts'

/** `[rule, data, result]`, or with `{"error": code}` (fails when run) or `{"refused": code}` (by the checker). */
export type OperatorCase = readonly [rule: Json, data: JsonObject, expected: Json]

export interface CaseFile {
  /** The operator is standard JSON-logic: its cases give the same in json-logic-js (up to its floats). */
  readonly standard?: boolean
  readonly cases: readonly OperatorCase[]
}

/** One row of the lists `t` and `j`. */
export const rowFields: Readonly<Record<string, RuleType>> = {
  q: { t: 'int', nullable: false },
  w: { t: 'dec', nullable: false, scale: 2 },
  c: { t: 'str', nullable: false },
  z: { t: 'dec', nullable: true, scale: 2 },
  g: { t: 'date', nullable: false },
  h: { t: 'bool', nullable: true },
  k: { t: 'list', nullable: false, of: { t: 'str', nullable: false } },
  y: { t: 'instant', nullable: true },
}

const rows: RuleType = {
  t: 'list',
  nullable: false,
  of: { t: 'obj', nullable: false, fields: new Map(Object.entries(rowFields)) },
}

/** What the cases of all operators read: one field of each kind, and some that may be empty. */
export const caseFields: Readonly<Record<string, RuleType>> = {
  n: { t: 'int', nullable: false },
  m: { t: 'int', nullable: true },
  a: { t: 'dec', nullable: false, scale: 2 },
  b: { t: 'dec', nullable: true, scale: 2 },
  r: { t: 'dec', nullable: false, scale: 6 },
  s: { t: 'str', nullable: false },
  u: { t: 'str', nullable: true },
  e: { t: 'str', nullable: false, enum: ['draft', 'open', 'closed'] },
  d: { t: 'date', nullable: false },
  x: { t: 'date', nullable: true },
  i: { t: 'instant', nullable: false },
  p: { t: 'period', nullable: false },
  o: { t: 'bool', nullable: false },
  q: { t: 'bool', nullable: true },
  l: { t: 'list', nullable: false, of: { t: 'str', nullable: false } },
  k: { t: 'list', nullable: false, of: { t: 'int', nullable: false } },
  /** A second of each kind that may be empty, so that two operands are empty independently of each other. */
  b2: { t: 'dec', nullable: true, scale: 4 },
  u2: { t: 'str', nullable: true },
  x2: { t: 'date', nullable: true },
  q2: { t: 'bool', nullable: true },
  v: { t: 'instant', nullable: true },
  v2: { t: 'instant', nullable: true },
  p2: { t: 'period', nullable: true },
  l2: { t: 'list', nullable: true, of: { t: 'str', nullable: false } },
  k2: { t: 'list', nullable: true, of: { t: 'int', nullable: false } },
  /** Rows of a table of their own, and rows in JSON. */
  t: rows,
  j: rows,
}

export function caseScope(): RuleScope {
  const required = Object.keys(caseFields).filter((key) => !caseFields[key]!.nullable)
  return {
    ...scopeFromFields(Object.entries(caseFields), { required, objects: caseObjects }),
    library: caseLibrary,
  }
}

/** What stands for a field that a case does not mention. */
export const caseDefaults: JsonObject = {
  n: 0,
  m: null,
  a: '0.00',
  b: null,
  r: '0.000000',
  s: '',
  u: null,
  e: 'draft',
  d: '2026-01-31',
  x: null,
  i: '2026-01-31T00:00:00.000Z',
  p: { from: '2026-01-01', to: '2026-04-01' },
  o: false,
  q: null,
  l: [],
  k: [],
  b2: null,
  u2: null,
  x2: null,
  q2: null,
  v: null,
  v2: null,
  p2: null,
  l2: null,
  k2: null,
  t: [],
  j: [],
}

/** Binds the value of each path in place of a column. */
export function bindData(data: JsonObject): SqlResolver {
  return (path, type, bind) => {
    const records = caseRecords(path)
    if (records) return records
    const value = data[path] ?? null
    return {
      sql: bind(
        type.t === 'period' ? periodText(value) : sqlType(type) === 'jsonb' ? JSON.stringify(value) : value,
      ),
      column: true,
      integer: type.t === 'int',
    }
  }
}

export function periodText(value: Json): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  return `[${String(value.from)},${value.to === null ? '' : String(value.to)})`
}

const folder = new URL('../../runtime/src/logic/operators/', import.meta.url)

/** The cases that lie beside an operator; its file is found by the import in the list. */
export function readOperatorCases(file: string): CaseFile | null {
  const url = new URL(`${file}.cases.json`, folder)
  return existsSync(url) ? (JSON.parse(readFileSync(url, 'utf8')) as CaseFile) : null
}

/** Operator name → name of its file, read from the list itself. */
export function operatorFiles(): readonly string[] {
  const text = readFileSync(new URL('index.ts', folder), 'utf8')
  return [...text.matchAll(/from '\.\/([a-z-]+)\.ts'/g)].map((match) => match[1]!)
}
