import type { Release } from '@channelwright/runtime/definition/release.ts'
import { roleNameOf, shortHash } from '../access/pg-role.ts'
import { quoteName, quoteTable, quoteText } from '../publish/quote.ts'
import type { Workspace } from '../services.ts'

const tables = ['cw_ledger_entry', 'cw_result'] as const

interface LedgerPolicy {
  readonly name: string
  readonly table: string
  readonly role: string
  readonly using: string
}

/**
 * Statements that make the policies of the ledger from the grants of a release: a role sees the plans that its grants
 * name, `own` those of its organisations, `all` everybody's. What an earlier release made and this one does not goes;
 * what stays the same is not touched, for a policy needs its table to itself for a moment. Run by publishing, as the
 * owner, once the roles exist.
 */
export function planPolicySql(
  installation: string,
  workspace: Pick<Workspace, 'key' | 'schema'>,
  release: Pick<Release, 'roles' | 'grants' | 'plans'>,
): string[] {
  const wanted = policiesOf(installation, workspace, release)
  return tables.flatMap((table) => {
    const standing = `FROM pg_policies WHERE schemaname = ${quoteText(workspace.schema)} AND tablename = ${quoteText(table)}`
    const target = quoteTable(workspace.schema, table)
    const policies = wanted.filter((policy) => policy.table === table)
    const names = policies.map((policy) => quoteText(policy.name)).join(', ')
    return [
      `DO $body$ DECLARE named text; BEGIN
        FOR named IN SELECT policyname ${standing} AND policyname LIKE 'cw\\_plan\\_%'
          AND policyname <> ALL (ARRAY[${names}]::text[]) LOOP
          EXECUTE format('DROP POLICY %I ON ${target}', named);
        END LOOP; END $body$`,
      ...policies.map(
        ({ name, role, using }) => `DO $body$ BEGIN
          IF NOT EXISTS (SELECT ${standing} AND policyname = ${quoteText(name)}) THEN
            CREATE POLICY ${quoteName(name)} ON ${target} FOR SELECT TO ${quoteName(role)} USING (${using});
          END IF; END $body$`,
      ),
    ]
  })
}

function policiesOf(
  installation: string,
  workspace: Pick<Workspace, 'key'>,
  release: Pick<Release, 'roles' | 'grants' | 'plans'>,
): LedgerPolicy[] {
  return [...release.roles.values()].flatMap((role) => {
    const levels = { own: new Set<string>(), all: new Set<string>() }
    for (const key of role.grants) {
      for (const [plan, level] of Object.entries(release.grants.get(key)?.plans ?? {})) {
        if (release.plans.has(plan)) levels[level].add(plan)
      }
    }
    for (const plan of levels.all) levels.own.delete(plan)
    const to = roleNameOf(installation, workspace.key, role.key)
    return (['own', 'all'] as const).flatMap((level) => {
      if (levels[level].size === 0) return []
      const named = `plan IN (${[...levels[level]].sort().map(quoteText).join(', ')})`
      const own = `earner = ANY ((SELECT nullif(current_setting('cw.partners', true), ''))::uuid[])`
      return tables.map((table): LedgerPolicy => {
        const using = [
          named,
          ...(level === 'own' ? [own] : []),
          // A simulation is nobody's money.
          ...(table === 'cw_result' ? ['NOT simulate'] : []),
        ].join(' AND ')
        // The name says what the policy says: the same name is the same policy.
        return { name: `cw_plan_${shortHash(`${to} ${using}`)}`, table, role: to, using }
      })
    })
  })
}
