import type { Release } from '@channelwright/runtime/definition/release.ts'
import { roleNameOf } from '../access/pg-role.ts'
import { quoteName, quoteTable, quoteText } from '../publish/quote.ts'
import type { Workspace } from '../services.ts'

const tables = ['cw_ledger_entry', 'cw_result'] as const

/**
 * Statements that make the policies of the ledger from the grants of a release: a role sees the plans that its grants
 * name, `own` those of its organisations, `all` everybody's. They replace what an earlier release made. Run by
 * publishing, as the owner, once the roles exist.
 */
export function planPolicySql(
  installation: string,
  workspace: Pick<Workspace, 'key' | 'schema'>,
  release: Pick<Release, 'roles' | 'grants' | 'plans'>,
): string[] {
  const statements = tables.map(
    (name) => `DO $body$ DECLARE named text; BEGIN
      FOR named IN SELECT policyname FROM pg_policies WHERE schemaname = ${quoteText(workspace.schema)}
        AND tablename = ${quoteText(name)} AND policyname LIKE 'cw\\_plan\\_%' LOOP
        EXECUTE format('DROP POLICY %I ON %I.%I', named, ${quoteText(workspace.schema)}, ${quoteText(name)});
      END LOOP; END $body$`,
  )
  for (const role of release.roles.values()) {
    const levels = { own: new Set<string>(), all: new Set<string>() }
    for (const key of role.grants) {
      for (const [plan, level] of Object.entries(release.grants.get(key)?.plans ?? {})) {
        if (release.plans.has(plan)) levels[level].add(plan)
      }
    }
    for (const plan of levels.all) levels.own.delete(plan)
    for (const level of ['own', 'all'] as const) {
      if (levels[level].size === 0) continue
      const named = `plan IN (${[...levels[level]].map(quoteText).join(', ')})`
      const own = `earner = ANY ((SELECT nullif(current_setting('cw.partners', true), ''))::uuid[])`
      for (const name of tables) {
        const conditions = [
          named,
          ...(level === 'own' ? [own] : []),
          // A simulation is nobody's money.
          ...(name === 'cw_result' ? ['NOT simulate'] : []),
        ]
        statements.push(
          `CREATE POLICY ${quoteName(`cw_plan_${level}_${role.key}`)} ON ${quoteTable(workspace.schema, name)} FOR SELECT
           TO ${quoteName(roleNameOf(installation, workspace.key, role.key))} USING (${conditions.join(' AND ')})`,
        )
      }
    }
  }
  return statements
}
