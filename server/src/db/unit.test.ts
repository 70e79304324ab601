import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../../../tests/support/deal-workspace.ts'
import { openTestServices, type TestServices } from '../../../tests/support/services.ts'
import { engineRoleOf } from '../access/pg-role.ts'
import type { Actor } from '../services.ts'
import { createPool } from './pools.ts'
import { Hasty, inUnit } from './unit.ts'

let opened: TestServices
let deals: DealWorkspace
let actor: Actor

beforeAll(async () => {
  opened = await openTestServices()
  deals = await createDealWorkspace(opened.services, 'acme')
  actor = await deals.actor({ user: opened.services.ids.next(), name: 'Manager', roles: ['channel_manager'] })
})
afterAll(() => opened.close())

describe('a unit', () => {
  test('carries role, people, instant, day and release into the transaction, and leaves nothing behind', async () => {
    opened.clock.set('2026-03-31T16:30:00.000Z')
    const { services } = opened
    const names = ['cw.user', 'cw.partner', 'cw.partners', 'cw.now', 'cw.today', 'cw.release']
    const found = await inUnit(services, deals.served, actor, (unit) =>
      unit.query<Record<string, string>>(
        `SELECT current_user AS role, ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`,
      ),
    )
    expect(found[0]).toEqual({
      role: actor.pgRole,
      'cw.user': actor.user,
      'cw.partner': '',
      'cw.partners': '{}',
      'cw.now': '2026-03-31T16:30:00.000Z',
      // Half past midnight of the next day in Shanghai.
      'cw.today': '2026-04-01',
      'cw.release': '1',
    })
    const { rows } = await services.login.query(
      `SELECT current_user = session_user AS plain, current_setting('cw.user', true) AS user`,
    )
    expect(rows[0]).toEqual({ plain: true, user: '' })
  })

  test('works as the engine inside asEngine, also nested, and as the actor afterwards', async () => {
    const roles = await inUnit(opened.services, deals.served, actor, async (unit) => {
      const role = async () => (await unit.query<{ role: string }>('SELECT current_user AS role'))[0]!.role
      const inside = await unit.asEngine(() => unit.asEngine(role))
      return [await role(), inside, await role()]
    })
    expect(roles[0]).toBe(actor.pgRole)
    expect(roles[1]).toBe(engineRoleOf(opened.services.installation, 'acme'))
    expect(roles[2]).toBe(actor.pgRole)
  })

  test('undoes everything when the work throws', async () => {
    const failing = inUnit(opened.services, deals.served, actor, async (unit) => {
      await unit.query(`SELECT set_config('cw.probe', 'left', false)`)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    const { rows } = await opened.services.login.query(`SELECT current_setting('cw.probe', true) AS probe`)
    expect(rows[0].probe || null).toBeNull()
  })

  test('that is one reading plays the same role, writes nothing and leaves nothing behind', async () => {
    const { services } = opened
    const ask = (text: string) =>
      inUnit(
        services,
        deals.served,
        actor,
        (unit) => {
          const rows = unit.query(text)
          unit.finish()
          return rows
        },
        { readOnly: true },
      )
    const settings = `current_user AS role, current_setting('cw.user') AS user, current_setting('transaction_read_only') AS reading`
    expect(await ask(`SELECT ${settings}`)).toEqual([{ role: actor.pgRole, user: actor.user, reading: 'on' }])
    await expect(ask('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
    await expect(ask('CREATE TEMP TABLE probe ()')).rejects.toMatchObject({ code: '25006' })
    const { rows } = await services.login.query('SELECT current_user = session_user AS plain')
    expect(rows[0]).toEqual({ plain: true })
  })

  test('refuses what was sent with a statement that failed, and the connection stays sound', async () => {
    const { services } = opened
    const ask = (first: string, value: unknown) =>
      inUnit(services, deals.served, actor, (unit) =>
        Promise.allSettled([
          unit.query(first),
          unit.queryPrepared('cw_test_probe', 'SELECT $1::text AS said', [value]),
        ]).then(([failed, after]) => {
          if (failed.status === 'rejected') throw Object.assign(failed.reason, { after })
          if (after.status === 'rejected') throw after.reason
          return after.value
        }),
      )
    await expect(ask('SELECT 1 / 0', 'x')).rejects.toMatchObject({
      code: '22012',
      after: { reason: { code: '25P02' } },
    })
    const unsendable = {
      toPostgres() {
        throw new Error('no such value')
      },
    }
    await expect(ask('SELECT 1', unsendable)).rejects.toThrow('no such value')
    expect(await ask('SELECT 1', 'after')).toEqual([{ said: 'after' }])
  })

  test('sends writes that stand together as one statement, which fails as one', async () => {
    const write = (...values: readonly number[]) =>
      inUnit(opened.services, deals.served, actor, async (unit) => {
        await unit.query('CREATE TEMP TABLE probe (a integer PRIMARY KEY, b text) ON COMMIT DROP')
        const insert = 'INSERT INTO probe (a, b) VALUES ($1, $2)'
        const raise = 'UPDATE probe SET b = $1 WHERE a = $2'
        await unit.write('cw_test_insert', insert, [0, 'before'])
        await Promise.all([
          ...values.map((a) => unit.write('cw_test_insert', insert, [a, `row ${a}`])),
          unit.write('cw_test_raise', raise, ['after', 0]),
        ])
        return unit.query('SELECT a, b FROM probe ORDER BY a')
      })
    const joined = [
      { a: 0, b: 'after' },
      { a: 1, b: 'row 1' },
      { a: 2, b: 'row 2' },
    ]
    expect(await write(1, 2)).toEqual(joined)
    await expect(write(3, 3)).rejects.toMatchObject({ code: '23505' })
    expect(await write()).toEqual([{ a: 0, b: 'after' }])
  })

  test('begins anew without what was only tried and failed', async () => {
    const tries: boolean[] = []
    const result = await inUnit(opened.services, deals.served, actor, async (unit) => {
      tries.push(unit.isSecondTry)
      if (unit.isSecondTry) return unit.query('SELECT 1 AS one')
      try {
        return await unit.query('SELECT 1 / 0')
      } catch (error) {
        throw new Hasty(error)
      }
    })
    expect([tries, result]).toEqual([[false, true], [{ one: 1 }]])
  })

  test('runs again after a serialization failure, and gives up after the retries', async () => {
    const conflict = Object.assign(new Error('could not serialize access'), { code: '40001' })
    let runs = 0
    const result = await inUnit(opened.services, deals.served, actor, async () => {
      runs += 1
      if (runs < 3) throw conflict
      return runs
    })
    expect(result).toBe(3)
    const always = inUnit(opened.services, deals.served, actor, () => Promise.reject(conflict), {
      retries: 1,
    })
    await expect(always).rejects.toBe(conflict)
  })

  test('takes a new connection when the idle ones have died', async () => {
    const { owner } = opened.services
    await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = $1`,
      [`cw_${opened.services.installation}_login`],
    )
    const rows = await inUnit(opened.services, deals.served, actor, (unit) => unit.query('SELECT 1 AS one'))
    expect(rows).toEqual([{ one: 1 }])
  })

  test('answers DATABASE_UNAVAILABLE when Postgres is gone', async () => {
    const { services } = opened
    const login = createPool({
      url: 'postgres://nobody@127.0.0.1:9/none',
      max: 1,
      name: 'gone',
      log: services.log,
    })
    const lost = inUnit({ ...services, login }, deals.served, actor, async () => 1)
    await expect(lost).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    await login.end()
  })
})
