import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { publishCasesOpen } from '@channelwright/runtime/errors/publishing.ts'
import { readsOfFlow } from '@channelwright/runtime/flow/evaluate.ts'
import { formatText } from '@channelwright/runtime/text.ts'
import type { Services, Workspace } from '../services.ts'
import { quoteTable } from './quote.ts'
import { readReleaseAt } from './read-release.ts'

/** Open cases of a flow as one release has it, and the fields of their records that it reads, by x-id. */
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
    const keys = new Set(readsOfFlow(flow, release).map((path) => path.split('.')[0]))
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
