import { ensureRoleSet } from '@channelwright/server/access/ensure-roles.ts'
import { ownedOnly } from '@channelwright/server/access/owned-only.ts'
import {
  engineRoleOf,
  loginRoleOf,
  memberRoleOf,
  roleNameOf,
  trashRoleOf,
} from '@channelwright/server/access/pg-role.ts'
import { accessVersion } from '@channelwright/server/publish/access-version.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { updateAccess } from '@channelwright/server/publish/update-access.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { updateWorkspaceTables } from '@channelwright/server/publish/workspace-tables.ts'
import type { Workspace } from '@channelwright/server/services.ts'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'
import { type As, putRow, putTwoOrders, runAs, tinyPack } from '../support/tiny-pack.ts'

let test: TestServices
let workspace: Workspace
let elsewhere: Workspace
/** Two organisations that must never see each other, and what they own. */
let ours: string
let theirs: string
let ourOrder: string
let theirOrder: string
const role = (name: string) => roleNameOf(test.services.installation, workspace.key, name)
const seller = (): As => ({ role: role('seller'), partners: [ours] })
const as = <T>(who: As, work: (client: PoolClient) => Promise<T>) => runAs(test.services, who, work)
const rows = (who: As, text: string, values: unknown[] = []) =>
  as(who, async (c) => (await c.query(text, values)).rows)
const table = (name: string) => `"${workspace.schema}"."${name}"`
const denied = { code: '42501' }

beforeAll(async () => {
  test = await openTestServices()
  const { services } = test
  workspace = await createWorkspace(services, { key: 'alpha', title: { en: 'A', zh: 'A' }, timeZone: 'UTC' })
  elsewhere = await createWorkspace(services, { key: 'beta', title: { en: 'B', zh: 'B' }, timeZone: 'UTC' })
  await publishSources(services, workspace, tinyPack())
  await publishSources(services, elsewhere, tinyPack())
  ours = await putRow(services, workspace, 'org', { name: 'Ours', secret: 'sesame' })
  theirs = await putRow(services, workspace, 'org', { name: 'Theirs', secret: 'sesame' })
  ;[ourOrder, theirOrder] = await putTwoOrders(services, workspace, [ours, theirs])
  for (const [order, name] of [
    [ourOrder, 'bolt'],
    [theirOrder, 'canary'],
  ])
    await services.owner.query(
      `INSERT INTO ${table('order_items')} (id, record_id, position, name) VALUES (gen_random_uuid(), $1, 0, $2)`,
      [order, name],
    )
})
afterAll(() => test.close())

describe('the roles that requests run as', () => {
  it('own nothing and cannot pass by row-level security', async () => {
    const { rows: roles } = await test.services.owner.query(
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit FROM pg_roles WHERE starts_with(rolname, $1)`,
      [`cw_${test.services.installation}_`],
    )
    expect(roles.length).toBeGreaterThan(10)
    for (const one of roles)
      expect(one).toMatchObject({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
      })
    const login = roles.filter((one) => one.rolcanlogin)
    expect(login).toMatchObject([{ rolname: loginRoleOf(test.services.installation), rolinherit: false }])
    const { rows: owned } = await test.services.owner.query(
      `SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE starts_with(r.rolname, $1)`,
      [`cw_${test.services.installation}_`],
    )
    expect(owned).toEqual([])
  })

  it('meet forced row-level security on every table of the workspace', async () => {
    const { rows: open } = await test.services.owner.query(
      `SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')
       AND NOT (relrowsecurity AND relforcerowsecurity)`,
      [workspace.schema],
    )
    expect(open).toEqual([])
  })

  it('read nothing as the login role itself, and nothing as a member without roles', async () => {
    await expect(test.services.login.query(`SELECT 1 FROM ${table('order')}`)).rejects.toMatchObject(denied)
    await expect(
      rows(
        { role: memberRoleOf(test.services.installation, workspace.key) },
        `SELECT id FROM ${table('order')}`,
      ),
    ).rejects.toMatchObject(denied)
  })

  it('cannot become the owner or switch row-level security off', async () => {
    await expect(
      rows(seller(), `ALTER TABLE ${table('order')} DISABLE ROW LEVEL SECURITY`),
    ).rejects.toMatchObject(denied)
    await expect(
      rows(seller(), `ALTER TABLE ${table('order')} DISABLE TRIGGER cw_history`),
    ).rejects.toMatchObject(denied)
    await expect(rows(seller(), 'SET session_replication_role = replica')).rejects.toMatchObject(denied)
    const { rows: owner } = await test.services.owner.query('SELECT current_user AS name')
    await expect(rows(seller(), `SET ROLE "${owner[0].name}"`)).rejects.toMatchObject(denied)
    await expect(
      rows(seller(), `SET row_security = off; SELECT id FROM ${table('order')}`),
    ).rejects.toMatchObject(denied)
  })

  it('reach nothing of another workspace', async () => {
    await expect(rows(seller(), `SELECT id FROM "${elsewhere.schema}"."order"`)).rejects.toMatchObject(denied)
    const engine = engineRoleOf(test.services.installation, workspace.key)
    await expect(
      rows({ role: engine }, `SELECT id FROM "${elsewhere.schema}"."order"`),
    ).rejects.toMatchObject(denied)
  })
})

describe('rows', () => {
  it('are those of the own organisation and no others', async () => {
    expect(await rows(seller(), `SELECT id FROM ${table('order')}`)).toEqual([{ id: ourOrder }])
    expect(await rows({ role: role('seller') }, `SELECT id FROM ${table('order')}`)).toEqual([])
    expect(
      await rows({ role: role('seller'), partners: [ours, theirs] }, `SELECT id FROM ${table('order')}`),
    ).toHaveLength(2)
    expect(await rows({ role: role('clerk') }, `SELECT id FROM ${table('order')}`)).toHaveLength(2)
  })

  it('of lines follow their record', async () => {
    expect(await rows(seller(), `SELECT name FROM ${table('order_items')}`)).toEqual([{ name: 'bolt' }])
    await expect(
      rows({ role: role('clerk') }, `SELECT name FROM ${table('order_items')}`),
    ).rejects.toMatchObject(denied)
    await expect(
      rows(
        seller(),
        `INSERT INTO ${table('order_items')} (id, record_id, position, name) VALUES (gen_random_uuid(), $1, 1, 'x')`,
        [theirOrder],
      ),
    ).rejects.toMatchObject(denied)
    expect(
      await rows(seller(), `DELETE FROM ${table('order_items')} WHERE record_id = $1 RETURNING id`, [
        theirOrder,
      ]),
    ).toEqual([])
  })

  it('cannot be put into, moved to or changed in another organisation', async () => {
    const insert = `INSERT INTO ${table('order')} (id, release, created_at, updated_at, org, code) VALUES (gen_random_uuid(), 1, now(), now(), $1, 'Z')`
    await expect(rows(seller(), insert, [theirs])).rejects.toMatchObject(denied)
    await expect(
      rows(seller(), `UPDATE ${table('order')} SET org = $2, rev = rev + 1 WHERE id = $1`, [
        ourOrder,
        theirs,
      ]),
    ).rejects.toMatchObject(denied)
    expect(
      await rows(seller(), `UPDATE ${table('order')} SET amount = 1 WHERE id = $1 RETURNING id`, [
        theirOrder,
      ]),
    ).toEqual([])
    await expect(
      rows(seller(), `DELETE FROM ${table('order')} WHERE id = $1`, [ourOrder]),
    ).rejects.toMatchObject(denied)
  })
})

describe('columns', () => {
  it('that no grant names cannot be read, filtered by or returned', async () => {
    for (const sql of [
      `SELECT secret FROM ${table('org')}`,
      `SELECT id FROM ${table('org')} WHERE secret = 'sesame'`,
      `SELECT id FROM ${table('org')} ORDER BY secret`,
      `SELECT * FROM ${table('org')}`,
    ])
      await expect(rows(seller(), sql)).rejects.toMatchObject(denied)
    await expect(rows({ role: role('clerk') }, `SELECT amount FROM ${table('order')}`)).rejects.toMatchObject(
      denied,
    )
  })

  it('that a grant lets a role write are the only ones it writes', async () => {
    await expect(
      rows(seller(), `UPDATE ${table('order')} SET code = 'X' WHERE id = $1`, [ourOrder]),
    ).rejects.toMatchObject(denied)
    await expect(
      rows(seller(), `UPDATE ${table('order')} SET deleted_at = now() WHERE id = $1`, [ourOrder]),
    ).rejects.toMatchObject(denied)
    await expect(
      rows(seller(), `UPDATE ${table('order')} SET created_by = $2 WHERE id = $1`, [ourOrder, ours]),
    ).rejects.toMatchObject(denied)
    expect(
      await rows(
        seller(),
        `UPDATE ${table('order')} SET amount = 11, rev = rev + 1 WHERE id = $1 RETURNING amount`,
        [ourOrder],
      ),
    ).toEqual([{ amount: '11.00' }])
  })
})

describe('the bin', () => {
  it('hides a deleted record and its lines from all but its own role, which may bring it back', async () => {
    const bin: As = { ...seller(), role: trashRoleOf(seller().role) }
    expect(
      await rows(
        bin,
        `UPDATE ${table('order')} SET deleted_at = now(), rev = rev + 1 WHERE id = $1 RETURNING id`,
        [theirOrder],
      ),
    ).toEqual([])
    expect(
      await rows(
        bin,
        `UPDATE ${table('order')} SET deleted_at = now(), rev = rev + 1 WHERE id = $1 RETURNING id`,
        [ourOrder],
      ),
    ).toEqual([{ id: ourOrder }])
    expect(await rows(seller(), `SELECT id FROM ${table('order')}`)).toEqual([])
    expect(await rows(seller(), `SELECT id FROM ${table('order_items')}`)).toEqual([])
    expect(await rows({ role: role('clerk') }, `SELECT id FROM ${table('order')}`)).toEqual([
      { id: theirOrder },
    ])
    await expect(
      rows(bin, `UPDATE ${table('order')} SET amount = 5 WHERE id = $1`, [ourOrder]),
    ).rejects.toMatchObject(denied)
    await rows(bin, `UPDATE ${table('order')} SET deleted_at = NULL, rev = rev + 1 WHERE id = $1`, [ourOrder])
    expect(await rows(seller(), `SELECT id FROM ${table('order')}`)).toEqual([{ id: ourOrder }])
  })
})

describe('history', () => {
  it('is written by every change, says who, and cannot be rewritten by anybody', async () => {
    const chief: As = { role: role('chief') }
    await rows(chief, `UPDATE ${table('order')} SET note = 'changed', rev = rev + 1 WHERE id = $1`, [
      ourOrder,
    ])
    const found = await rows(
      chief,
      `SELECT op, actor, before, after FROM ${table('cw_history_readable')} WHERE object = 'o_order' AND record_id = $1 ORDER BY id DESC LIMIT 1`,
      [ourOrder],
    )
    expect(found).toEqual([
      {
        op: 'update',
        actor: '00000000-0000-7000-8000-0000000000aa',
        before: { f_note: 'ours' },
        after: { f_note: 'changed' },
      },
    ])
    await expect(rows(chief, `SELECT 1 FROM ${table('cw_history')}`)).rejects.toMatchObject(denied)
    await expect(
      rows(chief, `INSERT INTO ${table('cw_history')} (object) VALUES ('o')`),
    ).rejects.toMatchObject(denied)
    await expect(test.services.owner.query(`DELETE FROM ${table('cw_history')}`)).rejects.toMatchObject(
      denied,
    )
    const engine = engineRoleOf(test.services.installation, workspace.key)
    await expect(rows({ role: engine }, `DELETE FROM ${table('cw_history')}`)).rejects.toMatchObject(denied)
  })

  it('shows the records and the columns one may read, and no others', async () => {
    const all = await rows(seller(), `SELECT record_id, before, after FROM ${table('cw_history_readable')}`)
    expect(new Set(all.map((row) => row.record_id))).toEqual(new Set([ours, ourOrder]))
    expect(JSON.stringify(all)).not.toMatch(/canary|sesame/)
    const seen = await rows(
      { role: role('clerk') },
      `SELECT DISTINCT jsonb_object_keys(after) AS field FROM ${table('cw_history_readable')} WHERE object = 'o_order'`,
    )
    expect(seen.map((row) => row.field).sort()).toEqual(['f_code', 'f_org'])
  })

  it('says on whose behalf in workspaces that an earlier version made', async () => {
    const { owner } = test.services
    await owner.query(`DROP VIEW ${table('cw_history_readable')};
      ALTER TABLE ${table('cw_history')} DROP COLUMN cause;
      UPDATE channelwright.workspace SET tables_hash = 'of an earlier version' WHERE key = 'alpha'`)
    await updateWorkspaceTables(test.services)
    const cause = { kind: 'flow', key: 'approval', node: 'n_1' }
    await as({ role: role('chief') }, async (client) => {
      await client.query(`SELECT set_config('cw.cause', $1, true)`, [JSON.stringify(cause)])
      await client.query(`UPDATE ${table('order')} SET note = 'by flow', rev = rev + 1 WHERE id = $1`, [
        ourOrder,
      ])
    })
    const found = await rows(
      seller(),
      `SELECT cause FROM ${table('cw_history_readable')} WHERE record_id = $1 ORDER BY id DESC LIMIT 2`,
      [ourOrder],
    )
    expect(found).toEqual([{ cause }, { cause: null }])
  })

  it('cannot be kept quiet by a request that claims to be a backfill', async () => {
    const before = await test.services.owner.query(`SELECT count(*) FROM ${table('cw_history')}`)
    await as({ role: role('chief') }, async (client) => {
      await client.query(`SET LOCAL cw.backfill = 'on'`)
      await client.query(`UPDATE ${table('order')} SET note = 'quiet', rev = rev + 1 WHERE id = $1`, [
        theirOrder,
      ])
    })
    const after = await test.services.owner.query(`SELECT count(*) FROM ${table('cw_history')}`)
    expect(Number(after.rows[0].count)).toBe(Number(before.rows[0].count) + 1)
  })
})

describe('a start of a newer version', () => {
  const policies = async () => {
    const { rows } = await test.services.owner.query<{ said: string }>(
      `SELECT concat_ws(' | ', tablename, policyname, cmd, roles, qual, with_check) AS said
       FROM pg_policies WHERE schemaname = $1 ORDER BY 1`,
      [workspace.schema],
    )
    return rows.map(({ said }) => said)
  }
  const madeBy = async (of = workspace) => {
    const { rows } = await test.services.owner.query<{ mark: string | null }>(
      'SELECT access_made_by AS mark FROM channelwright.workspace WHERE id = $1',
      [of.id],
    )
    return rows[0]?.mark
  }
  /** As an earlier version would have left it: sellers see what all sell, and clerks what nobody lets them see. */
  async function age(): Promise<void> {
    const { rows } = await test.services.owner.query<{ table: string; name: string }>(
      `SELECT tablename AS table, policyname AS name FROM pg_policies
       WHERE schemaname = $1 AND policyname LIKE 'seller.select.%'`,
      [workspace.schema],
    )
    for (const { table: of, name } of rows)
      await test.services.owner.query(`DROP POLICY "${name}" ON ${table(of)};
        CREATE POLICY "seller.select.of_old" ON ${table(of)} FOR SELECT TO "${role('seller')}" USING (true)`)
    await test.services.owner.query(`GRANT SELECT (secret) ON ${table('org')} TO "${role('clerk')}";
      UPDATE channelwright.workspace SET access_made_by = 'an earlier version'`)
  }

  it('makes the policies and rights that this version makes, once', async () => {
    const before = await policies()
    await age()
    expect(await rows(seller(), `SELECT id FROM ${table('order')}`)).toHaveLength(2)
    await Promise.all([updateAccess(test.services), updateAccess(test.services)])
    await updateAccess(test.services)
    expect(await policies()).toEqual(before)
    expect(await rows(seller(), `SELECT id FROM ${table('order')}`)).toEqual([{ id: ourOrder }])
    await expect(rows({ role: role('clerk') }, `SELECT secret FROM ${table('org')}`)).rejects.toMatchObject(
      denied,
    )
    expect(await madeBy()).toBe(await accessVersion())
  })

  it('looks again after a publish, and leaves what is as it should be', async () => {
    await publishSources(test.services, workspace, tinyPack())
    expect(await madeBy()).toBeNull()
    const before = await policies()
    await updateAccess(test.services)
    expect([await policies(), await madeBy()]).toEqual([before, await accessVersion()])
  })

  it('says for which workspace it can not be done, keeps what is there, and goes on with the others', async () => {
    const { owner } = test.services
    await age()
    const before = await policies()
    const rename = (from: string, to: string) =>
      owner.query('UPDATE channelwright.physical_column SET field = $3 WHERE workspace = $1 AND field = $2', [
        workspace.id,
        from,
        to,
      ])
    await rename('f_note', 'f_gone')
    const said: unknown[] = []
    const log = Object.assign(Object.create(test.services.log), {
      error: (about: unknown, words: string) => said.push([about, words]),
    })
    await updateAccess({ ...test.services, log })
    expect(JSON.stringify(said)).toContain('publish it once')
    expect(said).toHaveLength(1)
    expect(await policies()).toEqual(before)
    expect([await madeBy(), await madeBy(elsewhere)]).toEqual(['an earlier version', await accessVersion()])
    await rename('f_gone', 'f_note')
    await updateAccess(test.services)
    expect(await madeBy()).toBe(await accessVersion())
  })
})

describe('a set of roles', () => {
  it('adds up what its roles may do, whatever their order, and is made once', async () => {
    const name = await ensureRoleSet(test.services, workspace.key, ['clerk', 'seller'])
    expect(await ensureRoleSet(test.services, workspace.key, ['seller', 'clerk', 'seller'])).toBe(name)
    const both: As = { role: name, partners: [ours] }
    expect(await rows(both, `SELECT id FROM ${table('order')}`)).toHaveLength(2)
    expect(await rows(both, `SELECT name FROM ${table('org')}`)).toHaveLength(2)
    await expect(rows(both, `SELECT secret FROM ${table('org')}`)).rejects.toMatchObject(denied)
    expect(await rows({ ...both, role: trashRoleOf(name) }, `SELECT id FROM ${table('order')}`)).toEqual([
      { id: ourOrder },
    ])
  })

  it('is made at the same time by many without harm', async () => {
    const names = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        ensureRoleSet(test.services, workspace.key, ['chief', `new_${i % 2}`]),
      ),
    )
    expect(new Set(names).size).toBe(2)
  })

  it('loses what a new release takes away', async () => {
    const before = await rows({ role: role('clerk') }, `SELECT code FROM ${table('order')}`)
    expect(before).toHaveLength(2)
    await publishSources(
      test.services,
      workspace,
      tinyPack((d) => (d['grants/clerk.json']!.objects = {})),
    )
    await expect(rows({ role: role('clerk') }, `SELECT code FROM ${table('order')}`)).rejects.toMatchObject(
      denied,
    )
  })
})

describe('the plan of a list', () => {
  it('uses the owner index for a partner and folds the policy away for those who see all', async () => {
    const { owner } = test.services
    await owner.query(
      `WITH orgs AS (INSERT INTO ${table('org')} (id, release, created_at, updated_at, name)
         SELECT gen_random_uuid(), 1, now(), now(), 'Org ' || n FROM generate_series(1, 200) n RETURNING id)
       INSERT INTO ${table('order')} (id, release, created_at, updated_at, org, code, amount)
       SELECT gen_random_uuid(), 1, now(), now(), orgs.id, 'N' || n, n FROM orgs, generate_series(1, 100) n`,
    )
    await owner.query(`ANALYZE ${table('order')}`)
    const explain = async (who: As, text: string) =>
      (await rows(who, `EXPLAIN ${text}`)).map((row) => row['QUERY PLAN']).join('\n')
    // What a list of the server says besides the policy, for people who see their own rows alone.
    const release = (await test.services.releases.current(workspace.key))!.release
    expect(ownedOnly(release, ['seller'], 'order')).toBe('org')
    expect(ownedOnly(release, ['seller', 'chief'], 'order')).toBeNull()
    const partners = await explain(
      seller(),
      `SELECT id FROM ${table('order')} WHERE org = '${ours}' ORDER BY id DESC LIMIT 50`,
    )
    expect(partners).toMatch(/Index.*cw_o_/)
    expect(partners).not.toMatch(/Seq Scan|order_pkey/)
    const counted = await explain(seller(), `SELECT count(*) FROM ${table('order')}`)
    expect(counted).not.toMatch(/Seq Scan/)
    const chief: As = { role: role('chief') }
    const filtered = await explain(
      chief,
      `SELECT id FROM ${table('order')} WHERE amount > 99 ORDER BY amount LIMIT 50`,
    )
    expect(filtered).toMatch(/Index.*cw_i_i_amount_/)
    expect(filtered).not.toMatch(/current_setting/)
    const both = await ensureRoleSet(test.services, workspace.key, ['chief', 'seller'])
    const combined = await explain(
      { role: both, partners: [ours] },
      `SELECT id FROM ${table('order')} WHERE amount > 99 ORDER BY amount LIMIT 50`,
    )
    expect(combined).toMatch(/Index.*cw_i_i_amount_/)
    expect(combined).not.toMatch(/current_setting/)
  })
})
