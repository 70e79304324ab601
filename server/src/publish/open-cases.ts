import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { publishCasesOpen, publishFieldInCases } from '@channelwright/runtime/errors/publishing.ts'
import { lockedFields } from '@channelwright/runtime/flow/locked-fields.ts'
import { formatText } from '@channelwright/runtime/text.ts'
import type { Services, Workspace } from '../services.ts'
import { quoteTable } from './quote.ts'
import { readReleaseAt } from './read-release.ts'

/** Open cases of a flow as one release has it, and the fields of their records that it reads or writes, by x-id. */
export interface CaseReader {
  readonly flow: string
  readonly release: number
  readonly count: number
  /** x-id of the object of their records. */
  readonly object: string
  readonly fields: ReadonlySet<string>
}

/** By which releases cases are open: those go on reading what they read, whatever is published. */
export async function readCaseReaders(
  { owner }: Pick<Services, 'owner'>,
  workspace: Workspace,
): Promise<readonly CaseReader[]> {
  const { rows: known } = await owner.query<{ there: string | null }>('SELECT to_regclass($1) AS there', [
    quoteTable(workspace.schema, 'cw_run'),
  ])
  if (known[0]?.there === null) return []
  const { rows } = await owner.query<{ flow: string; release: number; count: number }>(
    `SELECT flow, release, count(*)::integer AS count FROM ${quoteTable(workspace.schema, 'cw_run')}
     WHERE status IN ('running', 'returned', 'suspended', 'incident') GROUP BY flow, release ORDER BY flow, release`,
  )
  const releases = new Map<number, Release | null>()
  const readers: CaseReader[] = []
  for (const { flow: key, release: number, count } of rows) {
    if (!releases.has(number)) releases.set(number, await readReleaseAt({ owner }, workspace, number))
    const release = releases.get(number)
    const flow = release?.flows.get(key)
    const object = flow && release?.objects.get(flow.object)
    if (!release || !flow || !object) continue
    const keys = lockedFields(flow, release)
    const fields = Object.entries(object.schema.properties).flatMap(([name, field]) =>
      keys.has(name) ? [field['x-id']] : [],
    )
    readers.push({ flow: key, release: number, count, object: object['x-id'], fields: new Set(fields) })
  }
  return readers
}

/**
 * What stands in the way of a release without an object whose records are in open cases: their people could not see any
 * more what they decide on. `before`: the release in force, by whose names people know the object.
 */
export function diagnoseOpenCases(
  readers: readonly CaseReader[],
  next: Release,
  before: Release | null,
): Diagnostic[] {
  const stays = new Set([...next.objects.values()].map((object) => object['x-id']))
  const open = new Map<string, number>()
  for (const { object, count } of readers)
    if (!stays.has(object)) open.set(object, (open.get(object) ?? 0) + count)
  const { code, message, hint } = publishCasesOpen
  return [...open].map(([xId, count]): Diagnostic => {
    const object = [...(before?.objects.values() ?? [])].find((one) => one['x-id'] === xId)
    const values = { object: object?.title ?? xId, count }
    return {
      code,
      severity: 'error',
      path: '',
      kind: 'object',
      key: object?.key ?? xId,
      message: { en: formatText(message, 'en', values), zh: formatText(message, 'zh', values) },
      hint,
    }
  })
}

/**
 * Fields of which open cases make use and that this release takes away or gives another type. The cases go on with what
 * the field was, so nothing breaks; but people who expect them to see its new values should know. One for each field.
 */
export function diagnoseFieldsInCases(
  readers: readonly CaseReader[],
  next: Release,
  before: Release | null,
): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const object of before?.objects.values() ?? []) {
    const after = [...next.objects.values()].find((one) => one['x-id'] === object['x-id'])
    if (after === undefined) continue
    const fields = new Map(Object.values(after.schema.properties).map((field) => [field['x-id'], field]))
    for (const [key, field] of Object.entries(object.schema.properties)) {
      const now = fields.get(field['x-id'])
      if (now !== undefined && isSameType(field, now)) continue
      const users = readers.filter((one) => one.object === object['x-id'] && one.fields.has(field['x-id']))
      if (users.length > 0) found.push(diagnoseField(object.key, key, field, now !== undefined, users))
    }
  }
  return found
}

function isSameType(a: FieldDefinition, b: FieldDefinition): boolean {
  return a['x-field'] === b['x-field'] && a['x-object'] === b['x-object']
}

function diagnoseField(
  object: string,
  key: string,
  field: FieldDefinition,
  stays: boolean,
  users: readonly CaseReader[],
): Diagnostic {
  const { code, message, hint } = publishFieldInCases
  const happens = stays ? becomes : leaves
  const values = {
    count: users.reduce((sum, one) => sum + one.count, 0),
    flows: nameReaders(users),
    field: { en: field.title ?? key, zh: field['x-title']?.zh ?? field.title ?? key },
    happens,
  }
  return {
    code,
    severity: 'warning',
    path: `/schema/properties/${key}`,
    kind: 'object',
    key: object,
    message: { en: formatText(message, 'en', values), zh: formatText(message, 'zh', values) },
    hint,
  }
}

const becomes = { en: 'gets another type', zh: '将更改类型' }
const leaves = { en: 'leaves the release', zh: '将从发布版中移除' }

/** `registration_approval@3 (12)`: the flow, the release that its cases follow, how many are open. */
export function nameReaders(readers: readonly CaseReader[]): string {
  return readers.map(({ flow, release, count }) => `${flow}@${release} (${count})`).join(', ')
}
