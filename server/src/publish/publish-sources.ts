import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { type ErrorDetail, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  publishBusy,
  publishDataRefused,
  publishRefused,
  publishUnconfirmed,
} from '@channelwright/runtime/errors/publishing.ts'
import type { PoolClient } from 'pg'
import { applyRights, policyStatements } from '../access/apply-grants.ts'
import { type CompiledAccess, compileGrants } from '../access/compile-grants.ts'
import { ensureBaseRoles, ensureWorkspaceRole, inRoleTransaction } from '../access/ensure-roles.ts'
import { flowPolicySql } from '../flows/policies.ts'
import { planSchedules } from '../flows/schedules.ts'
import { planPolicySql } from '../incentives/policies.ts'
import { enqueueJobWith } from '../jobs/enqueue.ts'
import { reckonTimersJob } from '../jobs/reckon-timers.ts'
import type { Services, Workspace } from '../services.ts'
import { applyPlan, type PublishProgress } from './apply-plan.ts'
import { constraintCompiler } from './compile-condition.ts'
import {
  isDefinitionPath,
  type ManifestEntry,
  manifestOf,
  readCurrentSources,
  saveTexts,
} from './definition-store.ts'
import { gatherFacts } from './gather-facts.ts'
import { knownFieldsOf } from './known-fields.ts'
import { diagnoseFieldsInCases, diagnoseOpenCases, readCaseReaders } from './open-cases.ts'
import { type PhysicalNames, readPhysicalNames } from './physical-names.ts'
import { readPlanReaders } from './plan-readers.ts'
import { planTables, type TableStep } from './plan-tables.ts'
import { readTableStates, type TableState } from './read-table-state.ts'
import { shapeTables, type TableShape } from './shape-tables.ts'
import { applyWorkspaceTables } from './workspace-tables.ts'

export type PublishServices = Pick<Services, 'owner' | 'installation' | 'clock' | 'ids' | 'log' | 'releases'>

export interface PublishOptions {
  /** User who publishes; null: the program itself. */
  readonly author?: string | null
  readonly note?: string
  /** Names typed to confirm destructive steps; `all`: nothing has to be confirmed (a scratch or new workspace). */
  readonly confirmed?: readonly string[] | 'all'
  /** The release whose definitions these are, when an earlier one is brought back. */
  readonly restores?: number
  /** What the sources were made from; refused as busy when another publish came in between. */
  readonly basedOn?: readonly DefinitionSource[]
  /**
   * Called before anything is changed and before other publishes have to wait; refuses by throwing. A publish that came
   * in between has this one refused as busy.
   */
  readonly beforeApply?: (prepared: PreparedPublish) => Promise<void>
  readonly report?: (progress: PublishProgress) => void
  /** In the transaction of the switch, once the new release stands. */
  readonly alongside?: (client: PoolClient, release: number) => Promise<void>
}

/** All that can be known of a publish before it changes anything. */
export interface PreparedPublish {
  readonly workspace: Workspace
  readonly sources: readonly DefinitionSource[]
  readonly release: Release
  readonly diagnostics: readonly Diagnostic[]
  readonly steps: readonly TableStep[]
  readonly shapes: readonly TableShape[]
  readonly names: PhysicalNames
  readonly states: ReadonlyMap<string, TableState>
  readonly access: CompiledAccess
  readonly current: { readonly release: number; readonly sources: readonly DefinitionSource[] }
}

export interface Published {
  readonly release: number
  readonly diagnostics: readonly Diagnostic[]
  readonly steps: readonly TableStep[]
}

/**
 * Publishes these definitions (and cases) as the whole of the workspace. Throws PUBLISH_REFUSED with the diagnostics'
 * details, publishUnconfirmed, publishBusy, publishDataRefused, publishLockedOut, publishExtensionMissing.
 */
export async function publishSources(
  services: PublishServices,
  workspace: Workspace,
  sources: readonly DefinitionSource[],
  options: PublishOptions = {},
): Promise<Published> {
  const { basedOn, beforeApply, confirmed = [] } = options
  const prepare = async (from: readonly DefinitionSource[] | undefined) => {
    const prepared = await preparePublish(services, workspace, sources)
    if (from && !isSame(from, prepared.current.sources)) throw new Refusal(publishBusy)
    refuseUnconfirmed(prepared, confirmed)
    return prepared
  }
  let from = basedOn
  if (beforeApply) {
    // Cases may take minutes; nobody else has to wait for them. What they ran on is looked at again afterwards.
    const planned = await prepare(basedOn)
    await beforeApply(planned)
    from = planned.current.sources
  }
  return inPublishTurn(services, workspace, async () => {
    const prepared = await prepare(from)
    const release = await applyPrepared(services, prepared, options)
    services.releases.forget(workspace.key)
    return { release, diagnostics: prepared.diagnostics, steps: prepared.steps }
  })
}

/** Checks and plans; changes nothing. Throws PUBLISH_REFUSED. */
export async function preparePublish(
  services: Pick<Services, 'owner' | 'installation'>,
  workspace: Workspace,
  sources: readonly DefinitionSource[],
): Promise<PreparedPublish> {
  const { release, diagnostics } = buildRelease(sources.filter((source) => isDefinitionPath(source.path)))
  if (!release) throw refuseDiagnostics(diagnostics)
  const current = await readCurrentSources(services.owner, workspace.id)
  const names = await readPhysicalNames(services.owner, workspace.id)
  const shapes = shapeTables(release, names, constraintCompiler(release))
  const states = await readTableStates(services.owner, workspace.schema)
  const before = buildRelease(current.sources.filter((source) => isDefinitionPath(source.path))).release
  const known = knownFieldsOf(before)
  const leaving = leavingColumns({ names, shapes }).length > 0
  // Only what goes can be missed.
  const cases = leaving ? await readCaseReaders(services, workspace) : []
  const missed = diagnoseOpenCases(cases, release, before)
  const warned = [...diagnostics, ...diagnoseFieldsInCases(cases, release, before)]
  if (missed.length > 0) throw refuseDiagnostics([...diagnostics, ...missed])
  const facts = await gatherFacts(services.owner, workspace.schema, shapes, states, known)
  const steps = planTables({
    schema: workspace.schema,
    shapes,
    names,
    states,
    facts,
    known,
    readers: leaving ? await readPlanReaders(services, workspace) : [],
    cases,
  })
  const at = { installation: services.installation, workspace: workspace.key, schema: workspace.schema }
  const access = compileGrants(at, release, shapes)
  return { workspace, sources, release, diagnostics: warned, steps, shapes, names, states, access, current }
}

function isSame(a: readonly DefinitionSource[], b: readonly DefinitionSource[]): boolean {
  return JSON.stringify(manifestOf(a)) === JSON.stringify(manifestOf(b))
}

/** Definitions that do not hold, with everything that was found. */
export class PublishRefusal extends Refusal {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((d) => d.severity === 'error')
    const details: ErrorDetail[] = errors
      .slice(0, 100)
      .map((d) => ({ path: `${d.file ?? ''}#${d.path}`, code: d.code, message: d.message }))
    super(publishRefused, { count: errors.length }, details)
  }
}

function refuseDiagnostics(diagnostics: readonly Diagnostic[]): Refusal {
  if (!hasErrors(diagnostics)) throw new Error('a release was refused without an error')
  return new PublishRefusal(diagnostics)
}

function refuseUnconfirmed(prepared: PreparedPublish, confirmed: readonly string[] | 'all'): void {
  const blocked = prepared.steps.find((step) => step.blocked)
  if (blocked) throw new Refusal(publishDataRefused, { constraint: blocked.object, detail: blocked.words.en })
  if (confirmed === 'all') return
  const missing = prepared.steps.flatMap((step) =>
    step.confirm && !confirmed.includes(step.confirm) ? [step.confirm] : [],
  )
  if (missing.length) throw new Refusal(publishUnconfirmed, { names: [...new Set(missing)].join(', ') })
}

async function applyPrepared(
  services: PublishServices,
  prepared: PreparedPublish,
  options: PublishOptions,
): Promise<number> {
  const { workspace } = prepared
  const roles = [...prepared.release.roles.keys()]
  await inRoleTransaction(services.owner, async (client) => {
    await ensureBaseRoles(client, services.installation, workspace.key)
    for (const role of roles) await ensureWorkspaceRole(client, services.installation, workspace.key, role)
    await applyWorkspaceTables(client, services, workspace)
  })
  await saveTexts(
    services.owner,
    prepared.sources.map((source) => source.text),
  )
  const at = { installation: services.installation, workspace: workspace.key, schema: workspace.schema }
  let number = 0
  await applyPlan({
    services,
    workspace,
    names: prepared.names,
    states: prepared.states,
    shapes: prepared.shapes,
    steps: prepared.steps,
    report: options.report ?? (() => undefined),
    async switchOver(client) {
      await applyRights(client, at, prepared.access.rights, leavingColumns(prepared))
      number = await insertRelease(client, services, workspace, manifestOf(prepared.sources), options)
      await planSchedules(client, services, workspace, prepared.release, number)
      if (calendarsDiffer(prepared))
        await enqueueJobWith(client, services, workspace.key, reckonTimersJob, { release: number })
      await options.alongside?.(client, number)
      return [
        ...(await policyStatements(client, workspace.schema, prepared.access.policies)),
        ...platformPolicies(services, prepared),
      ]
    },
  })
  return number
}

/** Whether work calendars are other ones than before: what is open is due at other times then. */
function calendarsDiffer({ current, sources }: PreparedPublish): boolean {
  const calendars = (of: readonly DefinitionSource[]) =>
    of
      .filter(({ path }) => path.startsWith('calendars/'))
      .map(({ pack, path, text }) => `${pack}/${path} ${text}`)
      .sort()
      .join('\n')
  return current.release > 0 && calendars(current.sources) !== calendars(sources)
}

/** Columns of the release in force that the new one no longer uses. */
function leavingColumns({
  names,
  shapes,
}: Pick<PreparedPublish, 'names' | 'shapes'>): { table: string; column: string }[] {
  const coming = new Set(shapes.flatMap((s) => s.columns.map((c) => `${s.table} ${c.column}`)))
  return names.columns.filter((c) => !c.retired && !coming.has(`${c.table} ${c.column}`))
}

/** Who sees which flow runs and which ledger entries. */
export function platformPolicies(
  { installation }: Pick<Services, 'installation'>,
  {
    workspace,
    release,
    shapes,
  }: Pick<PreparedPublish, 'release' | 'shapes'> & { readonly workspace: Pick<Workspace, 'key' | 'schema'> },
): string[] {
  const tables = new Map(
    shapes.flatMap((shape) => (shape.lines === '' ? [[shape.objectKey, shape] as const] : [])),
  )
  return [
    ...flowPolicySql(installation, workspace, release, tables),
    ...planPolicySql(installation, workspace, release),
  ]
}

async function insertRelease(
  client: PoolClient,
  services: PublishServices,
  workspace: Workspace,
  manifest: readonly ManifestEntry[],
  options: PublishOptions,
): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    `INSERT INTO channelwright.release (workspace, number, author, note, previous, restores, manifest, created_at)
     SELECT w.id, COALESCE((SELECT max(number) FROM channelwright.release WHERE workspace = w.id), 0) + 1,
            $2, $3, w.release, $4, $5, $6
     FROM channelwright.workspace w WHERE w.id = $1 RETURNING number`,
    [
      workspace.id,
      options.author ?? null,
      options.note ?? '',
      options.restores ?? null,
      JSON.stringify(manifest),
      services.clock.now(),
    ],
  )
  const { number } = rows[0]!
  // Whatever version of the program this is: the next start looks whether it agrees.
  await client.query('UPDATE channelwright.workspace SET release = $2, access_made_by = NULL WHERE id = $1', [
    workspace.id,
    number,
  ])
  // Heard by every server at the moment of the commit.
  await client.query(`SELECT pg_notify('cw_release', $1)`, [workspace.key])
  return number
}

/** One publish of a workspace at a time, on all servers together; the turn ends with its connection at the latest. */
export async function inPublishTurn<T>(
  services: Pick<Services, 'owner'>,
  workspace: Pick<Workspace, 'id'>,
  work: () => Promise<T>,
): Promise<T> {
  const client = await services.owner.connect()
  let broken: Error | undefined
  const lost = (error: Error) => {
    broken = error
  }
  client.on('error', lost)
  const key = `channelwright publish ${workspace.id}`
  try {
    const { rows } = await client.query<{ mine: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine',
      [key],
    )
    if (!rows[0]!.mine) throw new Refusal(publishBusy)
    try {
      return await work()
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch(lost)
    }
  } finally {
    client.off('error', lost)
    client.release(broken)
  }
}
