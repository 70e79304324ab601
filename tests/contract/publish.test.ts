import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { diffDefinitions } from '@channelwright/runtime/definition/diff-definitions.ts'
import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import { composeServices } from '@channelwright/server/compose.ts'
import { exportWorkspace, writePacks } from '@channelwright/server/packs/export-workspace.ts'
import { installPacks } from '@channelwright/server/packs/install-pack.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import {
  discardDraft,
  listDefinitions,
  readDefinition,
  saveDraft,
} from '@channelwright/server/publish/drafts.ts'
import { listReleases } from '@channelwright/server/publish/list-releases.ts'
import {
  cancelPublication,
  readPublication,
  startPublication,
} from '@channelwright/server/publish/publications.ts'
import { planDrafts, publishDrafts, rollBack } from '@channelwright/server/publish/publish-drafts.ts'
import {
  inPublishTurn,
  type PublishOptions,
  publishSources,
} from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace, dropWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestServices, type TestServices, testConfig } from '../support/services.ts'
import { fieldsOf, moneyField, putRow, textField, tinyPack } from '../support/tiny-pack.ts'

let test: TestServices
let workspace: Workspace
let count = 0
beforeAll(async () => {
  test = await openTestServices()
})
afterAll(() => test.close())
beforeEach(async () => {
  workspace = await createWorkspace(test.services, {
    key: `w${++count}`,
    title: { en: 'W', zh: 'W' },
    timeZone: 'Asia/Shanghai',
  })
})

const publish = (sources: readonly DefinitionSource[], options: PublishOptions = {}) =>
  publishSources(test.services, workspace, sources, options)
const query = async <T>(text: string, values: unknown[] = []) =>
  (await test.services.owner.query(text, values)).rows as T[]
const table = (name: string) => `"${workspace.schema}"."${name}"`
const author = '00000000-0000-7000-8000-000000000001'

async function putOrders(number: number): Promise<string> {
  const org = await putRow(test.services, workspace, 'org', { name: 'One' })
  await query(
    `INSERT INTO ${table('order')} (id, release, created_at, updated_at, org, code, note, amount)
     SELECT gen_random_uuid(), 1, now(), now(), $1, 'C' || n, 'note ' || n, n + 0.50 FROM generate_series(1, $2::int) n`,
    [org, number],
  )
  return org
}

describe('publishing', () => {
  it('installs the packs of the product into an empty workspace, and finds nothing to do the second time', async () => {
    const { sources } = await readPacks(['templates'])
    expect((await publish(sources)).release).toBe(1)
    const served = await test.services.releases.current(workspace.key)
    expect(served?.tables.get('registration')?.columns.get('customer_name')).toBe('customer_name')
    const again = await publish(sources)
    expect(again.release).toBe(2)
    expect(again.steps).toEqual([])
  })

  it('keeps the data of a field whose key changes, also for a run pinned to the old release', async () => {
    await publish(tinyPack())
    await putOrders(3)
    await publish(
      tinyPack((d) => {
        const fields = fieldsOf(d, 'objects/order.json')
        fields.remark = fields.note!
        delete fields.note
      }),
    )
    const now = await test.services.releases.current(workspace.key)
    const before = await test.services.releases.at(workspace.key, 1)
    expect(now?.tables.get('order')?.columns.get('remark')).toBe('note')
    expect(before.tables.get('order')?.columns.get('note')).toBe('note')
    expect(await query(`SELECT DISTINCT note IS NULL AS empty FROM ${table('order')}`)).toEqual([
      { empty: false },
    ])
  })

  it('keeps the data of an object and its lines whose keys change', async () => {
    await publish(tinyPack())
    await publish(
      tinyPack((d) => {
        d['objects/purchase.json'] = { ...d['objects/order.json']!, key: 'purchase' }
        delete d['objects/order.json']
        for (const path of ['grants/seller.json', 'grants/clerk.json', 'grants/chief.json']) {
          const objects = d[path]!.objects as Record<string, unknown>
          objects.purchase = objects.order
          delete objects.order
        }
      }),
      { confirmed: [] },
    )
    const served = await test.services.releases.current(workspace.key)
    expect(served?.tables.get('purchase')?.table).toBe('order')
    expect(served?.tables.get('purchase')?.lines.get('items')?.table).toBe('order_items')
  })

  it('asks for the name of a field that goes, keeps its values, and brings them back with a rollback', async () => {
    await publish(tinyPack())
    await putOrders(2)
    const without = tinyPack((d) => delete fieldsOf(d, 'objects/order.json').note)
    await expect(publish(without)).rejects.toMatchObject({
      code: 'PUBLISH_UNCONFIRMED',
      values: { names: 'order.note' },
    })
    expect((await test.services.releases.current(workspace.key))?.number).toBe(1)
    const { steps } = await publish(without, { confirmed: ['order.note'] })
    expect(steps.map((s) => [s.action, s.destructive])).toEqual([['retire_field', true]])
    const gone = await test.services.releases.current(workspace.key)
    expect(gone?.tables.get('order')?.columns.has('note')).toBe(false)
    const back = await rollBack(test.services, workspace, 1, { author, confirmed: 'all' })
    expect(back.release).toBe(3)
    const served = await test.services.releases.current(workspace.key)
    expect(served?.tables.get('order')?.columns.get('note')).toBe('note')
    expect(await query(`SELECT count(note)::int AS n FROM ${table('order')}`)).toEqual([{ n: 2 }])
  })

  it('frees a required field that goes from being required', async () => {
    await publish(
      tinyPack((d) => {
        fieldsOf(d, 'objects/order.json').grade = textField('f_grade', 'Grade', { default: 'A' })
        ;(d['objects/order.json']!.schema as { required: string[] }).required.push('grade')
      }),
    )
    await publish(tinyPack(), { confirmed: ['order.grade'] })
    await putOrders(1)
    expect(await query(`SELECT grade FROM ${table('order')}`)).toEqual([{ grade: null }])
  })

  it('fills a field that becomes required with its default, online on a larger table and without history', async () => {
    await publish(tinyPack())
    await putOrders(3_000)
    const before = await query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table('cw_history')}`)
    const required = (d: Parameters<NonNullable<Parameters<typeof tinyPack>[0]>>[0]) => {
      fieldsOf(d, 'objects/order.json').amount = moneyField('f_amount', 'Amount', { default: '7.00' })
      ;(d['objects/order.json']!.schema as { required: string[] }).required.push('amount')
    }
    await query(`UPDATE ${table('order')} SET amount = NULL WHERE code <> 'C1'`)
    const changed = await query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table('cw_history')}`)
    expect(changed[0]!.n - before[0]!.n).toBe(2_999)
    await publish(tinyPack(required))
    expect(
      await query(`SELECT amount::text, count(*)::int AS n FROM ${table('order')} GROUP BY 1 ORDER BY 2`),
    ).toEqual([
      { amount: '1.50', n: 1 },
      { amount: '7.00', n: 2_999 },
    ])
    expect(await query(`SELECT count(*)::int AS n FROM ${table('cw_history')}`)).toEqual(changed)
    await expect(query(`UPDATE ${table('order')} SET amount = NULL`)).rejects.toMatchObject({ code: '23502' })
    const bridges = await query(`SELECT tgname FROM pg_trigger WHERE tgname LIKE 'cw\\_bridge%'`)
    expect(bridges).toEqual([])
  })

  it('makes a field required later when nobody knows a value for the old records', async () => {
    await publish(tinyPack())
    await putOrders(2)
    await query(`UPDATE ${table('order')} SET note = NULL`)
    const { steps } = await publish(
      tinyPack((d) => (d['objects/order.json']!.schema as { required: string[] }).required.push('note')),
      { confirmed: ['order.note'] },
    )
    expect(steps[0]?.words.en).toContain('2 records have none')
  })

  it('changes the type of a field beside the old one and says how many values are lost', async () => {
    await publish(tinyPack())
    await putOrders(3)
    await query(`UPDATE ${table('order')} SET note = '12.5' WHERE code = 'C1'`)
    const asMoney = tinyPack((d) => (fieldsOf(d, 'objects/order.json').note = moneyField('f_note', 'Note')))
    await expect(publish(asMoney)).rejects.toMatchObject({ code: 'PUBLISH_UNCONFIRMED' })
    const { steps } = await publish(asMoney, { confirmed: ['order.note'] })
    expect(steps.find((s) => s.action === 'convert_field')?.words.en).toContain(
      '2 values cannot be converted',
    )
    const served = await test.services.releases.current(workspace.key)
    const column = served?.tables.get('order')?.columns.get('note')
    expect(column).toBe('note_2')
    expect(await query(`SELECT note_2::text FROM ${table('order')} ORDER BY code`)).toEqual([
      { note_2: '12.50' },
      { note_2: null },
      { note_2: null },
    ])
    await rollBack(test.services, workspace, 1, { confirmed: 'all' })
    expect(await query(`SELECT note FROM ${table('order')} ORDER BY code`)).toEqual([
      { note: '12.50' },
      { note: 'note 2' },
      { note: 'note 3' },
    ])
  })

  it('converts online on a larger table', async () => {
    await publish(tinyPack())
    await putOrders(2_500)
    await publish(
      tinyPack(
        (d) =>
          (fieldsOf(d, 'objects/order.json').amount = moneyField('f_amount', 'Amount', { 'x-scale': 4 })),
      ),
    )
    expect(
      await query(`SELECT count(*)::int AS n, max(amount_2)::text AS most FROM ${table('order')}`),
    ).toEqual([{ n: 2_500, most: '2500.5000' }])
  })

  it('refuses a unique constraint that records break, before it changes anything, and keeps one that holds', async () => {
    await publish(tinyPack())
    await putOrders(2_000)
    const unique = (fields: string[]) =>
      tinyPack(
        (d) =>
          (d['objects/order.json']!.unique = [
            { 'x-id': 'u_one', fields, message: { en: 'Taken.', zh: '已占用。' } },
          ]),
      )
    await query(`UPDATE ${table('order')} SET note = 'same' WHERE code IN ('C1', 'C2')`)
    await expect(publish(unique(['note']))).rejects.toMatchObject({ code: 'PUBLISH_DATA_REFUSED' })
    expect((await test.services.releases.current(workspace.key))?.number).toBe(1)
    await publish(unique(['code']))
    await expect(query(`UPDATE ${table('order')} SET code = 'C1' WHERE code = 'C2'`)).rejects.toMatchObject({
      code: '23505',
      constraint: expect.stringMatching(/^cw_u_u_one_/),
    })
    await publish(tinyPack())
    await query(`UPDATE ${table('order')} SET code = 'C1' WHERE code = 'C2'`)
  })

  it('refuses definitions with errors and says where', async () => {
    const broken = tinyPack().map((s) =>
      s.path === 'objects/order.json' ? { ...s, text: s.text.replace('"org"', '"orgs"') } : s,
    )
    await expect(publish(broken)).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' })
    expect(await test.services.releases.current(workspace.key)).toBeUndefined()
  })

  it('lets one publish in at a time', async () => {
    await publish(tinyPack())
    await inPublishTurn(test.services, workspace, () =>
      expect(publish(tinyPack())).rejects.toMatchObject({ code: 'PUBLISH_BUSY' }),
    )
  })

  it('lets others publish while cases run, and refuses what they ran on when it is no longer in force', async () => {
    await publish(tinyPack())
    const withField = tinyPack(
      (d) => (fieldsOf(d, 'objects/order.json').extra = textField('f_extra', 'Extra')),
    )
    await expect(
      publish(tinyPack(), {
        async beforeApply() {
          await publish(withField)
        },
      }),
    ).rejects.toMatchObject({ code: 'PUBLISH_BUSY' })
    const current = await test.services.releases.current(workspace.key)
    expect(current?.number).toBe(2)
    expect(current?.tables.get('order')?.columns.has('extra')).toBe(true)
  })

  it('switches a second server at once', async () => {
    await publish(tinyPack())
    const other = await composeServices(testConfig(test.url), { connections: 4, log: test.services.log })
    try {
      expect((await other.services.releases.current(workspace.key))?.number).toBe(1)
      await publish(
        tinyPack((d) => (fieldsOf(d, 'objects/order.json').extra = textField('f_extra', 'Extra'))),
      )
      await expect
        .poll(async () => (await other.services.releases.current(workspace.key))?.number, {
          timeout: 2_000,
          interval: 10,
        })
        .toBe(2)
    } finally {
      await other.close()
    }
  })

  it('publishes a draft and forgets it; a draft on an older release has to be looked at first', async () => {
    await publish(tinyPack())
    const text = tinyPack((d) => (d['objects/org.json']!.title = { en: 'Company', zh: '公司' })).find(
      (s) => s.path === 'objects/org.json',
    )!.text
    const place = { pack: 'tiny', path: 'objects/org.json' }
    const saved = await saveDraft(test.services, workspace, author, { ...place, text, rev: 0 })
    expect(saved.draft?.rev).toBe(1)
    await expect(
      saveDraft(test.services, workspace, author, { ...place, text, rev: 0 }),
    ).rejects.toMatchObject({ code: 'DRAFT_CHANGED' })
    const plan = await planDrafts(test.services, workspace)
    expect(plan.changes).toMatchObject([{ change: 'changed', key: 'org' }])
    expect(plan.changes[0]!.words.map((w) => w.en)).toContain(
      'title › en is "Company" now (was "Organisation").',
    )
    await publish(tinyPack((d) => (d['objects/org.json']!.icon = 'x')))
    await expect(publishDrafts(test.services, workspace, { author })).rejects.toMatchObject({
      code: 'DRAFT_OUTDATED',
    })
    await saveDraft(test.services, workspace, author, { ...place, text, rev: 1 })
    expect((await publishDrafts(test.services, workspace, { author, note: 'Named' })).release).toBe(3)
    expect((await readDefinition(test.services, workspace, 'tiny', 'objects/org.json')).draft).toBeNull()
    const listed = await listDefinitions(test.services, workspace)
    expect(listed.definitions.every((d) => d.draft === null)).toBe(true)
    expect(listed.kinds.map(({ name }) => name)).toEqual(definitionKinds.map(({ name }) => name))
    await expect(discardDraft(test.services, workspace, 'tiny', 'objects/org.json', 1)).rejects.toMatchObject(
      { code: 'DRAFT_NOT_FOUND' },
    )
    await expect(
      saveDraft(test.services, workspace, author, { pack: 'tiny', path: '../x.json', text: '{}', rev: 0 }),
    ).rejects.toMatchObject({ code: 'DRAFT_PATH_INVALID' })
  })

  it('carries a publish out in the background, tells how far it is, and refuses what fails the cases', async () => {
    const { services } = test
    await publish(tinyPack())
    const place = { pack: 'tiny', path: 'objects/org.json' }
    const text = tinyPack((d) => (fieldsOf(d, 'objects/org.json').city = textField('f_city', 'City'))).find(
      (s) => s.path === place.path,
    )!.text
    await saveDraft(services, workspace, author, { ...place, text, rev: 0 })
    const begin = () =>
      startPublication(services, workspace, author, (options) =>
        publishDrafts(services, workspace, { ...options, note: 'City', confirmed: [] }),
      )
    const ended = async (id: string) => {
      await expect
        .poll(async () => (await readPublication(services, workspace, id, 'en')).status, { timeout: 20_000 })
        .not.toBe('running')
      return readPublication(services, workspace, id, 'en')
    }
    const done = await ended(await begin())
    expect(done).toMatchObject({ status: 'done', release: 2, message: null })
    expect(done.steps.map((step) => [step.title.en, step.status])).toContainEqual([
      '"Organisation" gets the field "City".',
      'done',
    ])
    expect(
      (await listReleases(services, workspace)).releases.map((r) => [r.number, r.current, r.note]),
    ).toEqual([
      [2, true, 'City'],
      [1, false, ''],
    ])
    // Until tables change, whoever began it may think better of it.
    const { text: later } = tinyPack(
      (d) => (fieldsOf(d, place.path).city = textField('f_city', 'Town')),
    ).find((one) => one.path === place.path)!
    await saveDraft(services, workspace, author, { ...place, text: later, rev: 0 })
    let run: Promise<unknown> = Promise.resolve()
    const unwanted = await startPublication(services, workspace, author, (options) => {
      const published = publishDrafts(services, workspace, { ...options, note: 'Town', confirmed: [] })
      run = published
      return published
    })
    await cancelPublication(services, workspace, unwanted)
    await expect(run).rejects.toMatchObject({ code: 'PUBLICATION_CANCELLED' })
    expect(await readPublication(services, workspace, unwanted, 'en')).toMatchObject({
      status: 'refused',
      message: 'The publish was cancelled; nothing was changed.',
    })
    expect((await listReleases(services, workspace)).releases).toHaveLength(2)
    await cancelPublication(services, workspace, unwanted)
    await expect(
      cancelPublication(services, workspace, '00000000-0000-0000-0000-000000000000'),
    ).rejects.toMatchObject({ code: 'PUBLICATION_NOT_FOUND' })
    await saveDraft(services, workspace, author, {
      pack: 'tiny',
      path: 'cases/wrong.json',
      text: '{}',
      rev: 0,
    })
    const refused = await ended(await begin())
    expect(refused).toMatchObject({
      status: 'refused',
      release: null,
      message: expect.stringContaining('fail with these definitions'),
    })
    expect(refused.cases).toMatchObject([{ path: 'cases/wrong.json', passed: false }])
    expect((await services.releases.current(workspace.key))?.number).toBe(2)
  })

  it('exports and installs elsewhere the same bytes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cw-export-'))
    try {
      await installPacks(test.services, workspace.key, ['templates'], { skipCases: true })
      const first = await exportWorkspace(test.services, workspace.key)
      await writePacks(join(folder, 'a'), first.sources)
      const other = await createWorkspace(test.services, {
        key: `x${count}`,
        title: { en: 'X', zh: 'X' },
        timeZone: 'UTC',
      })
      await installPacks(test.services, other.key, [join(folder, 'a')], { skipCases: true })
      const second = await exportWorkspace(test.services, other.key)
      await writePacks(join(folder, 'b'), second.sources)
      expect(second.sources).toEqual(first.sources)
      const files = async (root: string) =>
        (await readdir(root, { recursive: true })).filter((f) => f.endsWith('.json')).sort()
      expect(await files(join(folder, 'b'))).toEqual(await files(join(folder, 'a')))
      for (const file of await files(join(folder, 'a'))) {
        const bytes = await readFile(join(folder, 'a', file))
        expect(bytes.equals(await readFile(join(folder, 'b', file)))).toBe(true)
        expect(bytes.equals(await readFile(join('templates', file)))).toBe(true)
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('tells a rename, a new field and a new obligation apart', () => {
    const changed = tinyPack((d) => {
      const fields = fieldsOf(d, 'objects/order.json')
      fields.remark = fields.note!
      delete fields.note
      fields.extra = textField('f_extra', 'Extra')
      ;(d['objects/order.json']!.schema as { required: string[] }).required.push('amount')
    })
    const [change] = diffDefinitions(tinyPack(), changed)
    expect(change?.words.map((w) => w.en)).toEqual([
      'amount is required now (was optional).',
      'Note has the key "remark" now (was "note").',
      'Extra is new.',
    ])
  })

  it('drops a workspace with its roles', async () => {
    await publish(tinyPack())
    await dropWorkspace(test.services, workspace)
    expect(
      await query(`SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)`, [
        `cw_${test.services.installation}_${workspace.key}.`,
      ]),
    ).toEqual([])
  })
})
