import type { Release } from '@channelwright/runtime/definition/release.ts'
import { roleNameOf } from '../access/pg-role.ts'
import { mayDo } from '../access/platform-rights.ts'
import { quoteName, quoteTable, quoteText } from '../publish/quote.ts'
import type { Workspace } from '../services.ts'

/**
 * Statements that make the policies of flow runs from the grants of a release: a role sees the runs of the flows that
 * its grants let it see, of records that the person may read; who administers flows sees all. They replace what an
 * earlier release made. Run by publishing, as the owner, once roles and tables exist. `tables`: object key → table.
 */
export function flowPolicySql(
  installation: string,
  workspace: Pick<Workspace, 'key' | 'schema'>,
  release: Release,
  tables: ReadonlyMap<string, { readonly table: string }>,
): string[] {
  const run = quoteTable(workspace.schema, 'cw_run')
  const statements = [
    `DO $body$ DECLARE named text; BEGIN
      FOR named IN SELECT policyname FROM pg_policies WHERE schemaname = ${quoteText(workspace.schema)}
        AND tablename = 'cw_run' AND policyname LIKE 'cw\\_see\\_%' LOOP
        EXECUTE format('DROP POLICY %I ON ${run}', named);
      END LOOP; END $body$`,
  ]
  for (const role of release.roles.values()) {
    const to = quoteName(roleNameOf(installation, workspace.key, role.key))
    const make = (name: string, using: string) =>
      statements.push(
        `CREATE POLICY ${quoteName(`cw_see_${name}_${role.key}`.slice(0, 63))} ON ${run} FOR SELECT TO ${to} USING (${using})`,
      )
    if (mayDo(release, [role.key], 'administer_flows')) {
      make('all', 'true')
      continue
    }
    for (const [object, flows] of flowsByObject(release, role.grants)) {
      const table = tables.get(object)?.table
      const definition = release.objects.get(object)
      if (table === undefined || definition === undefined) continue
      const named = `flow IN (${flows.map(quoteText).join(', ')})`
      const reads = role.grants.some(
        (grant) => release.grants.get(grant)?.objects?.[object]?.read !== undefined,
      )
      // A role that cannot read the table itself may stand beside one that can: the function asks first.
      const readable = reads
        ? `EXISTS (SELECT FROM ${quoteTable(workspace.schema, table)} o WHERE o.id = record)`
        : `${quoteTable(workspace.schema, 'cw_may_read')}(${quoteText(definition['x-id'])}, record)`
      make(String(statements.length), `${named} AND ${readable}`)
    }
  }
  return statements
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
