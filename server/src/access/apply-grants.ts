import type { PoolClient } from 'pg'
import { quoteName, quoteTable } from '../publish/quote.ts'
import type { ColumnRight, Policy, Privilege } from './compile-grants.ts'
import { engineRoleOf } from './pg-role.ts'

interface StandingRight {
  readonly table: string
  readonly column: string | null
  readonly role: string
  readonly privilege: string
}

/**
 * Grants and revokes what differs from the compiled rights; no table has to wait for it. In the caller's transaction,
 * with the switch. Rights on columns that leave with this switch stay until the next: a server that has not heard of it
 * names them for a moment yet, and no release leads to them any more.
 */
export async function applyRights(
  client: PoolClient,
  at: { readonly installation: string; readonly workspace: string; readonly schema: string },
  rights: readonly ColumnRight[],
  leaving: readonly { readonly table: string; readonly column: string }[],
): Promise<void> {
  const { rows: standing } = await client.query<StandingRight>(
    `WITH tables AS (SELECT oid, relname, relacl FROM pg_class
       WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname NOT LIKE 'cw\\_%')
     SELECT t.relname AS "table", NULL AS "column", r.rolname AS role, x.privilege_type AS privilege
     FROM tables t, aclexplode(t.relacl) x JOIN pg_roles r ON r.oid = x.grantee
     UNION ALL
     SELECT t.relname, a.attname, r.rolname, x.privilege_type
     FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped,
          aclexplode(a.attacl) x JOIN pg_roles r ON r.oid = x.grantee`,
    [quoteName(at.schema)],
  )
  const address = (table: string, role: string, privilege: string, column: string | null) =>
    JSON.stringify([table, role, privilege, column])
  const wanted = new Set(
    rights.flatMap((r) =>
      r.privilege === 'DELETE'
        ? [address(r.table, r.role, r.privilege, null)]
        : r.columns.map((column) => address(r.table, r.role, r.privilege, column)),
    ),
  )
  // Only roles of this workspace's grants are ours to change; the owner and the engine have their rights otherwise.
  const engine = engineRoleOf(at.installation, at.workspace)
  const ours = (role: string) => role.startsWith(`cw_${at.installation}_`) && role !== engine
  const left = new Set(leaving.map(({ table, column }) => JSON.stringify([table, column])))
  const stays = (address: string) => {
    const [table, , , column] = JSON.parse(address) as [string, string, string, string | null]
    return column !== null && left.has(JSON.stringify([table, column]))
  }
  const have = new Set(
    standing.filter((s) => ours(s.role)).map((s) => address(s.table, s.role, s.privilege, s.column)),
  )
  const statements = [
    ...writeRights(
      'REVOKE',
      'FROM',
      at.schema,
      [...have].filter((a) => !wanted.has(a) && !stays(a)),
    ),
    ...writeRights(
      'GRANT',
      'TO',
      at.schema,
      [...wanted].filter((a) => !have.has(a)),
    ),
  ]
  if (statements.length) await client.query(statements.join(';\n'))
}

function writeRights(
  verb: string,
  preposition: string,
  schema: string,
  addresses: readonly string[],
): string[] {
  const groups = new Map<string, { table: string; role: string; privilege: string; columns: string[] }>()
  for (const address of addresses) {
    const [table, role, privilege, column] = JSON.parse(address) as [string, string, Privilege, string | null]
    const key = JSON.stringify([table, role, privilege, column === null])
    const group = groups.get(key) ?? { table, role, privilege, columns: [] }
    if (column !== null) group.columns.push(column)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ table, role, privilege, columns }) => {
    const list = columns.length ? ` (${columns.map(quoteName).join(', ')})` : ''
    return `${verb} ${privilege}${list} ON ${quoteTable(schema, table)} ${preposition} ${quoteName(role)}`
  })
}

/**
 * The statements that make the standing policies the compiled ones. Only what differs: a policy needs its table to
 * itself for a moment, and most publishes change none.
 */
export async function policyStatements(
  client: PoolClient,
  schema: string,
  policies: readonly Policy[],
): Promise<string[]> {
  const { rows } = await client.query<{ table: string; name: string }>(
    `SELECT tablename AS "table", policyname AS name FROM pg_policies
     WHERE schemaname = $1 AND tablename NOT LIKE 'cw\\_%' AND policyname NOT IN ('cw_owner', 'cw_engine')`,
    [schema],
  )
  const address = (p: { table: string; name: string }) => JSON.stringify([p.table, p.name])
  const wanted = new Map(policies.map((p) => [address(p), p]))
  const have = new Set(rows.map(address))
  return [
    ...rows
      .filter((row) => !wanted.has(address(row)))
      .map((row) => `DROP POLICY ${quoteName(row.name)} ON ${quoteTable(schema, row.table)}`),
    ...[...wanted.values()].filter((p) => !have.has(address(p))).map((p) => policySql(schema, p)),
  ]
}

function policySql(schema: string, policy: Policy): string {
  return [
    `CREATE POLICY ${quoteName(policy.name)} ON ${quoteTable(schema, policy.table)}`,
    `FOR ${policy.command} TO ${quoteName(policy.role)}`,
    policy.using === null ? '' : `USING (${policy.using})`,
    policy.check === null ? '' : `WITH CHECK (${policy.check})`,
  ].join(' ')
}
