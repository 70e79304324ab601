import { inUnit } from '@channelwright/server/db/unit.ts'
import { fillDocument } from '@channelwright/server/files/documents/fill-document.ts'
import { readAsEngine, readAsPerson } from '@channelwright/server/files/documents/read-record.ts'
import { applyEffect } from '@channelwright/server/flows/apply-effect.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { fileBody } from '../support/file-body.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// Files that go along with decisions, and documents that flows print: one case from its filing to its paper.

let server: TestServer
let deals: DealWorkspace
let [manager, seller, rival]: TestMember[] = []
let registration: string
let own: string

const as = (member: TestMember | undefined) => {
  const ask = callAs(server.url, member ?? null)
  return (method: string, path: string, options = {}) =>
    ask(method, `/api/v1/${deals.workspace.key}/${path}`, options)
}
const send = async (member: TestMember | undefined, name: string) => {
  const { body, headers } = fileBody(name, `${name} holds this`)
  return (await as(member)('POST', 'files', { raw: body, headers })).body.id as string
}
const open = (member: TestMember | undefined, id: string) => as(member)('GET', `files/${id}`)
const task = async () => (await as(manager)('GET', 'tasks')).body.tasks[0]
const decide = async (more: object) => {
  const { id, rev } = await task()
  return as(manager)('POST', `tasks/${id}/decision`, {
    body: { decision: 'approve', taskRev: rev, commandId: server.services.ids.next(), ...more },
  })
}
/** Nobody drew on it. */
const blank =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAC0lEQVR4nGNgQAcAABIAAXfx+gAAAAAASUVORK5CYII='
const dot =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

beforeAll(async () => {
  server = await startTestServer()
  deals = await createDealWorkspace(server.services, 'paper')
  manager = await deals.join({ name: 'Li Wei', roles: ['channel_manager'] })
  const partnerOf = (legal_name: string) =>
    deals.seed('partner', { legal_name, type: 'reseller', status: 'active', channel_manager: manager!.user })
  own = await partnerOf('上海启明信息技术有限公司')
  seller = await deals.join({ name: '张磊', roles: ['partner_sales'], partner: own })
  rival = await deals.join({
    name: 'Rival',
    roles: ['partner_sales'],
    partner: await partnerOf('Beacon Ltd'),
  })
  const line = await deals.seed('product_line', { code: 'SRV', name: 'Servers 服务器' })
  const made = await as(seller)('POST', 'records/registration?form=registration_new', {
    body: {
      customer_name: '无锡市第一人民医院',
      product_line: line,
      amount: '300000.00',
      close_on: '2026-06-01',
      items: [
        { product: 'R750', quantity: 2, unit_price: '100000.00' },
        { product: 'R650', quantity: 1, unit_price: '100000.00' },
      ],
    },
  })
  expect(made.text).toContain('"submitted"')
  registration = made.body.record.id
})
afterAll(() => server?.close())

describe('a decision', () => {
  test('takes no file of others, and nothing that is no picture for a signature', async () => {
    const foreign = await send(rival, 'foreign.txt')
    for (const [more, code] of [
      [{ attachments: [foreign] }, 'FLOW_ATTACHMENT_UNKNOWN'],
      [{ attachments: ['nonsense'] }, 'FLOW_ATTACHMENT_UNKNOWN'],
      [{ signature: 'data:text/html;base64,PGI+' }, 'FLOW_SIGNATURE_UNREADABLE'],
      [{ signature: `data:image/png;base64,${btoa('no picture')}` }, 'FLOW_SIGNATURE_UNREADABLE'],
      [{ signature: blank }, 'FLOW_SIGNATURE_UNREADABLE'],
    ] as const)
      expect((await decide(more)).body.code).toBe(code)
    expect((await task()).state).toBe('pending')
  })

  test('keeps its files and its signature with the case, for whoever sees that', async () => {
    const offer = await send(manager, '报价.txt')
    expect([(await open(manager, offer)).status, (await open(seller, offer)).status]).toEqual([200, 404])
    const decided = await decide({ attachments: [offer], signature: dot })
    expect(decided.status).toBe(200)
    await drainJobs(server.services, 'paper')
    const { runs } = (await as(seller)('GET', `runs?object=registration&record=${registration}`)).body
    const said = runs[0].timeline.find((one: { type: string }) => one.type === 'decided')
    expect(said).toMatchObject({ attachments: [offer], signature: expect.stringMatching(/^file:/) })
    const signature = said.signature.slice(5)
    expect((await open(seller, signature)).headers.get('content-type')).toBe('image/png')
    expect([(await open(seller, offer)).text, (await open(rival, offer)).status]).toEqual([
      '报价.txt holds this',
      404,
    ])
  })
})

describe('a document', () => {
  const press = () => as(seller)('POST', 'flows/protection_notice/start', { body: { record: registration } })
  const notices = async (): Promise<string[]> =>
    (await as(seller)('GET', `records/registration/${registration}`)).body.record.notices ?? []

  test('is printed once, however often its job is delivered, and kept with the record', async () => {
    expect((await press()).status).toBeLessThan(300)
    await drainJobs(server.services, 'paper')
    const printed = await notices()
    expect(printed.length).toBe(1)
    const { rows } = await server.services.owner.query<{
      key: string
      run: string
      by: string
      release: number
    }>(
      `SELECT e.key, e.run, e.by, r.release FROM "${deals.workspace.schema}".cw_effect e
       JOIN "${deals.workspace.schema}".cw_run r ON r.id = e.run WHERE e.type = 'document'`,
    )
    for (const order of [...rows, ...rows]) await applyEffect(server.services, 'paper', order)
    expect(await notices()).toEqual(printed)
    const { rows: kept } = await server.services.owner.query(
      `SELECT name, uploaded_by FROM "${deals.workspace.schema}".cw_file WHERE type = 'application/pdf'`,
    )
    expect(kept).toEqual([{ name: expect.stringContaining('DR-2026-00001.pdf'), uploaded_by: null }])
    const opened = await open(seller, printed[0]!)
    expect([opened.status, opened.text.slice(0, 5), opened.headers.get('content-type')]).toEqual([
      200,
      '%PDF-',
      'application/pdf',
    ])
    expect((await open(rival, printed[0]!)).status).toBe(404)
  })

  test('says what the record says, in either language', async () => {
    const { services } = server
    const served = (await services.releases.current('paper'))!
    const definition = served.release.documents.get('protection_notice')!
    const filled = (locale: 'en' | 'zh') =>
      inUnit(services, served, engineActor(services, served, nobody), (unit) =>
        fillDocument(unit, definition, registration, locale, readAsEngine(unit)),
      )
    const [zh, en] = [await filled('zh'), await filled('en')]
    expect([zh.name, en.name]).toEqual(['商机保护通知书 DR-2026-00001', 'Protection notice DR-2026-00001'])
    expect(zh.blocks).toContainEqual(expect.objectContaining({ text: '致:上海启明信息技术有限公司' }))
    expect(zh.blocks).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('自2026年3月2日起至2026年5月30日止') }),
    )
    const table = en.blocks.find((block) => block.type === 'lines')
    expect(table).toMatchObject({
      heads: ['Product', 'Quantity', 'Unit price', 'Amount'],
      rows: [
        ['R750', '2', '¥100,000.00', '¥200,000.00'],
        ['R650', '1', '¥100,000.00', '¥100,000.00'],
      ],
      totals: ['Total', '', '', '¥300,000.00'],
    })
    // Nothing was said of terms: their heading stays away too.
    expect(JSON.stringify(en.blocks)).not.toContain('Terms')
    const pairs = en.blocks.find((block) => block.type === 'fields')
    expect(pairs).toMatchObject({
      pairs: expect.arrayContaining([['Product line', expect.stringContaining('服务器')]]),
    })
  })

  test('is shown before it is printed to whoever reads the record, with what they read', async () => {
    const preview = (member: TestMember | undefined, record = registration) =>
      as(member)('POST', 'documents/protection_notice/preview', { body: { record, locale: 'zh' } })
    const shown = await preview(seller)
    expect([shown.status, shown.text.slice(0, 5)]).toEqual([200, '%PDF-'])
    expect((await preview(rival)).body.code).toBe('RECORD_NOT_FOUND')
    const unknown = await as(seller)('POST', 'documents/no_such/preview', { body: { record: registration } })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'DOCUMENT_UNKNOWN'])
    expect((await notices()).length).toBe(1)
    const { services } = server
    const served = (await services.releases.current('paper'))!
    const definition = served.release.documents.get('protection_notice')!
    const actor = await deals.actor({ ...seller!, roles: ['partner_sales'], partner: own })
    const filled = await inUnit(services, served, actor, (unit) =>
      fillDocument(unit, definition, registration, 'en', readAsPerson(unit)),
    )
    expect(filled.blocks).toContainEqual(expect.objectContaining({ text: 'To: 上海启明信息技术有限公司' }))
  })
})
