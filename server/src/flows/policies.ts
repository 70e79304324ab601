import type { Release, Role } from '@channelwright/runtime/definition/release.ts'
import { roleNameOf, shortHash } from '../access/pg-role.ts'
import { mayDo } from '../access/platform-rights.ts'
import { quoteName, quoteTable, quoteText } from '../publish/quote.ts'
import type { Workspace } from '../services.ts'

/** What belongs to a run and is seen with it; offers too have a run. */
const ofRun = ['cw_activation', 'cw_event', 'cw_offer', 'cw_task', 'cw_timer'] as const

interface RunPolicy {
  readonly table: string
  readonly name: string
  readonly role: string
  readonly using: string
}

/**
 * Statements that make the policies of flow runs from the grants of a release: a role sees the runs of the flows that
 * its grants let it see, of records that the person may read; who administers flows sees all, and what belongs to them
 * without a look at each run: a policy that says `true` folds the others away. What an earlier release
 * made and this one does not goes; what stays the same is not touched, for a policy needs its table to itself for a
 * moment. Run by publishing, as the owner, once roles and tables exist. `tables`: object key → table.
 */
export function flowPolicySql(
  installation: string,
  workspace: Pick<Workspace, 'key' | 'schema'>,
  release: Release,
  tables: ReadonlyMap<string, { readonly table: string }>,
): string[] {
  const wanted = [...release.roles.values()].flatMap((role) => {
    const to = roleNameOf(installation, workspace.key, role.key)
    const others = isForAll(release, role) ? ofRun : []
    return [
      ...policiesOfRole(workspace, release, role, tables).map((using) => ['cw_run', using] as const),
      ...others.map((table) => [table, 'true'] as const),
    ].map(([table, using]): RunPolicy => {
      // The name says what the policy says: the same name is the same policy.
      return { table, name: `cw_see_${shortHash(`${to} ${using}`)}`, role: to, using }
    })
  })
  return ['cw_run', ...ofRun].flatMap((table) =>
    statementsOf(
      workspace,
      table,
      wanted.filter((policy) => policy.table === table),
    ),
  )
}

function statementsOf(
  workspace: Pick<Workspace, 'schema'>,
  table: string,
  wanted: readonly RunPolicy[],
): string[] {
  const named = quoteTable(workspace.schema, table)
  const standing = `FROM pg_policies WHERE schemaname = ${quoteText(workspace.schema)} AND tablename = ${quoteText(table)}`
  const names = wanted.map((policy) => quoteText(policy.name)).join(', ')
  return [
    `DO $body$ DECLARE named text; BEGIN
      FOR named IN SELECT policyname ${standing} AND policyname LIKE 'cw\\_see\\_%'
        AND policyname <> ALL (ARRAY[${names}]::text[]) LOOP
        EXECUTE format('DROP POLICY %I ON ${named}', named);
      END LOOP; END $body$`,
    ...wanted.map(
      (policy) => `DO $body$ BEGIN
        IF NOT EXISTS (SELECT ${standing} AND policyname = ${quoteText(policy.name)}) THEN
          CREATE POLICY ${quoteName(policy.name)} ON ${named} FOR SELECT TO ${quoteName(policy.role)} USING (${policy.using});
        END IF; END $body$`,
    ),
  ]
}

function isForAll(release: Release, role: Role): boolean {
  return mayDo(release, [role.key], 'administer_flows')
}

function policiesOfRole(
  workspace: Pick<Workspace, 'schema'>,
  release: Release,
  role: Role,
  tables: ReadonlyMap<string, { readonly table: string }>,
): string[] {
  if (isForAll(release, role)) return ['true']
  return [...flowsByObject(release, role.grants)].flatMap(([object, flows]) => {
    const table = tables.get(object)?.table
    const definition = release.objects.get(object)
    if (table === undefined || definition === undefined) return []
    const reads = role.grants.some(
      (grant) => release.grants.get(grant)?.objects?.[object]?.read !== undefined,
    )
    // A role that cannot read the table itself may stand beside one that can: the function asks first.
    const readable = reads
      ? `EXISTS (SELECT FROM ${quoteTable(workspace.schema, table)} o WHERE o.id = record)`
      : `${quoteTable(workspace.schema, 'cw_may_read')}(${quoteText(definition['x-id'])}, record)`
    return [`flow IN (${flows.map(quoteText).join(', ')}) AND ${readable}`]
  })
}

function flowsByObject(release: Release, grants: readonly string[]): Map<string, string[]> {
  const flows = new Map<string, Set<string>>()
  for (const grant of grants)
    for (const [key, rights] of Object.entries(release.grants.get(grant)?.flows ?? {})) {
      const object = release.flows.get(key)?.object
      if (object !== undefined && rights.includes('see'))
        flows.set(object, (flows.get(object) ?? new Set()).add(key))
    }
  return new Map([...flows].map(([object, keys]) => [object, [...keys].sort()]))
}
