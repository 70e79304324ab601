import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileBody } from '../support/file-body.ts'
import { type Answer, addMember, callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { putRow, tinyPack } from '../support/tiny-pack.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')

const files = (x_id: string, type: string, more: JsonObject = {}): JsonObject => ({
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', format: 'uuid' },
  'x-field': type,
  'x-id': x_id,
  title: 'Files',
  'x-title': { zh: '附件' },
  ...more,
})

let server: TestServer
let workspace: Workspace
let orgs: { own: string; other: string }
let seller: TestMember
let colleague: TestMember
let rival: TestMember
let clerk: TestMember
let chief: TestMember

beforeAll(async () => {
  server = await startTestServer()
  const { services } = server
  workspace = await createWorkspace(services, {
    key: 'files',
    title: { en: 'Files', zh: '文件' },
    timeZone: 'Asia/Shanghai',
  })
  await publishSources(
    services,
    workspace,
    tinyPack((definitions) => {
      const { properties } = definitions['objects/order.json']!.schema as { properties: JsonObject }
      properties.papers = files('f_papers', 'file', {
        'x-accept': ['application/pdf', 'image/*'],
        maxItems: 3,
      })
      properties.photos = files('f_photos', 'image', { 'x-max-size': 1 })
      const order = (definitions['grants/seller.json']!.objects as JsonObject).order as JsonObject
      for (const action of ['create', 'update'])
        (order[action] as { fields: Json[] }).fields.push('papers', 'photos')
    }),
  )
  orgs = {
    own: await putRow(services, workspace, 'org', { name: 'Own' }),
    other: await putRow(services, workspace, 'org', { name: 'Other' }),
  }
  const join = (name: string, role: string, partner: string | null = null) =>
    addMember(services, workspace, { name, roles: [role], partner })
  seller = await join('Seller', 'seller', orgs.own)
  colleague = await join('Colleague', 'seller', orgs.own)
  rival = await join('Rival', 'seller', orgs.other)
  clerk = await join('Clerk', 'clerk')
  chief = await join('Chief', 'chief')
})
afterAll(() => server?.close())

const call = (member: TestMember | null, method: string, path: string, more = {}) =>
  callAs(server.url, member)(method, `/api/v1/files/${path}`, more)
const send = (member: TestMember | null, name: string, content: string | Uint8Array, part = 'file') => {
  const { body, headers } = fileBody(name, content, part)
  return call(member, 'POST', 'files', { raw: body, headers })
}
const sent = async (member: TestMember, name: string, content: string | Uint8Array): Promise<string> => {
  const answer = await send(member, name, content)
  expect(answer.text).toContain('"id"')
  return answer.body.id
}
const order = (member: TestMember, org: string, values: JsonObject) =>
  call(member, 'POST', 'records/order', {
    body: { org, code: `C-${randomBytes(4).toString('hex')}`, ...values },
  })
const fetchFile = (member: TestMember | null, id: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/v1/files/files/${id}`, {
    headers: { ...(member ? { cookie: member.cookie } : {}), ...headers },
  })
const codes = (answer: Answer) => [
  answer.body?.code,
  ...(answer.body?.details ?? []).map((one: { code: string }) => one.code),
]
const stored = (): string[] =>
  readdirSync(join(server.services.config.filesDir, workspace.id), {
    recursive: true,
    encoding: 'utf8',
  }).filter((name) => /[0-9a-f]{12}(\.part)?$/.test(name))

describe('sending', () => {
  test('a file comes back as it was sent, under its name, and never runs', async () => {
    const content = randomBytes(300_000)
    content.set(pdf)
    const { status, body } = await send(seller, '合同 "最终".pdf', content)
    expect([status, body]).toEqual([
      201,
      {
        id: expect.any(String),
        name: '合同 _最终_.pdf',
        type: 'application/pdf',
        bytes: 300_000,
        at: expect.any(String),
      },
    ])
    const answer = await fetchFile(seller, body.id)
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '300000',
      'content-disposition': `inline; filename="__ ____.pdf"; filename*=UTF-8''${encodeURIComponent('合同 _最终_.pdf')}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'cache-control': 'private, no-cache',
      etag: `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`,
    })
  })

  test('it is known again by its ETag and sent in parts', async () => {
    const id = await sent(seller, 'a.csv', 'a,b\n1,2\n')
    const etag = (await fetchFile(seller, id)).headers.get('etag')!
    expect((await fetchFile(seller, id, { 'if-none-match': etag })).status).toBe(304)
    const part = async (range: string, more = {}) => {
      const answer = await fetchFile(seller, id, { range, ...more })
      return [answer.status, answer.headers.get('content-range'), answer.ok ? await answer.text() : '']
    }
    expect(await part('bytes=0-2')).toEqual([206, 'bytes 0-2/8', 'a,b'])
    expect(await part('bytes=4-')).toEqual([206, 'bytes 4-7/8', '1,2\n'])
    expect(await part('bytes=-2')).toEqual([206, 'bytes 6-7/8', '2\n'])
    expect(await part('bytes=0-1,4-5')).toEqual([200, null, 'a,b\n1,2\n'])
    expect(await part('bytes=8-')).toEqual([416, null, ''])
    expect(await part('bytes=0-2', { 'if-range': '"another"' })).toEqual([200, null, 'a,b\n1,2\n'])
  })

  test.each([
    ['page.png', '<!doctype html><script>alert(1)</script>', 'UPLOAD_TYPE_REFUSED'],
    ['note.txt', `hello ${'x'.repeat(4000)}<html><body>`, 'UPLOAD_TYPE_REFUSED'],
    ['setup.pdf', Buffer.concat([Buffer.from('MZ'), randomBytes(500)]), 'UPLOAD_TYPE_REFUSED'],
    ['empty.txt', '', 'UPLOAD_EMPTY'],
    ['large.txt', 'x'.repeat(2 * 1024 * 1024 + 1), 'UPLOAD_TOO_LARGE'],
  ])('%s is refused and leaves nothing behind', async (name, content, code) => {
    const before = stored().length
    const answer = await send(seller, name, content)
    expect(codes(answer)).toEqual([code])
    expect(answer.body.hint).toMatch(/\S/)
    expect(stored().length).toBe(before)
  })

  test('a picture that can carry a script is saved and not shown', async () => {
    const id = await sent(
      seller,
      'logo.svg',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    )
    const { headers } = await fetchFile(seller, id)
    expect(headers.get('content-disposition')).toMatch(/^attachment/)
    expect(headers.get('content-security-policy')).toContain('sandbox')
  })

  test.each([
    ['../../etc/passwd', 'passwd.txt'],
    ['C:\\temp\\con.txt', '_con.txt'],
    ['invoice\u202Egnp.exe', 'invoicegnp.exe.txt'],
    ['.htaccess', 'htaccess.txt'],
    [`${'长'.repeat(300)}.txt`, `${'长'.repeat(120)}.txt`],
  ])('of the name %j stays %j', async (given, kept) => {
    expect((await send(seller, given, 'plain')).body).toMatchObject({ name: kept, type: 'text/plain' })
  })

  test('what is no upload is told so, and a stranger sends nothing', async () => {
    expect(codes(await call(seller, 'POST', 'files', { body: { file: 'x' } }))).toEqual(['UPLOAD_MISSING'])
    expect(codes(await send(seller, 'a.txt', 'x', 'other'))).toEqual(['UPLOAD_MISSING'])
    const cut = fileBody('a.txt', 'x'.repeat(1000))
    const broken = cut.body.slice(0, 400) as Uint8Array<ArrayBuffer>
    expect(codes(await call(seller, 'POST', 'files', { raw: broken, headers: cut.headers }))).toEqual([
      'UPLOAD_MISSING',
    ])
    expect((await send(null, 'a.txt', 'x')).status).toBe(401)
  })

  test('one who breaks off leaves nothing behind', async () => {
    const before = stored().length
    const { body, headers } = fileBody('a.txt', 'x'.repeat(500_000))
    const stop = new AbortController()
    const slow = new ReadableStream({
      async pull(controller) {
        controller.enqueue(body.slice(0, 100_000))
        await new Promise((resolve) => setTimeout(resolve, 100))
        stop.abort()
      },
    })
    await fetch(`${server.url}/api/v1/files/files`, {
      method: 'POST',
      headers: { cookie: seller.cookie, ...headers },
      body: slow,
      signal: stop.signal,
      duplex: 'half',
    } as RequestInit).catch(() => undefined)
    await expect.poll(() => stored().length).toBe(before)
  })
})

describe('who sees a file', () => {
  test('unused, its sender alone; in a record, whoever reads the record and the field', async () => {
    const id = await sent(seller, 'paper.pdf', pdf)
    const seenBy = async () => {
      const all = [seller, colleague, rival, clerk, chief, null]
      return Promise.all(all.map(async (one) => (await fetchFile(one, id)).status))
    }
    expect(await seenBy()).toEqual([200, 404, 404, 404, 404, 401])
    const made = await order(seller, orgs.own, { papers: [id] })
    expect(made.status).toBe(201)
    // The clerk reads the order, though not this field of it.
    expect(await seenBy()).toEqual([200, 200, 404, 404, 200, 401])
    const read = await call(colleague, 'GET', `records/order/${made.body.record.id}?expand=*`)
    expect([read.body.record.papers, read.body.titles[id]]).toEqual([[id], 'paper.pdf'])
    const listed = await call(colleague, 'GET', 'records/order?expand=*')
    expect(listed.body.titles[id]).toBe('paper.pdf')
    const names = async (member: TestMember) =>
      (await call(member, 'GET', `files?ids=${id},nonsense`)).body.files
    expect(await names(colleague)).toEqual([
      { id, name: 'paper.pdf', type: 'application/pdf', bytes: pdf.length, at: expect.any(String) },
    ])
    expect(await names(rival)).toEqual([])
  })

  test('nobody takes a file of others into a record of their own', async () => {
    const unused = await sent(seller, 'mine.pdf', pdf)
    const used = await sent(seller, 'used.pdf', pdf)
    await order(seller, orgs.own, { papers: [used] })
    for (const id of [unused, used, '01900000-0000-7000-8000-000000000000'])
      expect(codes(await order(rival, orgs.other, { papers: [id] }))).toEqual([
        'RECORD_REFUSED',
        'FIELD_FILE_UNKNOWN',
      ])
    // What one may see one may pass on.
    expect((await order(colleague, orgs.own, { papers: [used] })).status).toBe(201)
  })

  test('a field takes the kinds and sizes that it names', async () => {
    const text = await sent(seller, 'note.txt', 'plain')
    const large = await sent(seller, 'large.png', Buffer.concat([png, Buffer.alloc(1024 * 1024)]))
    const refused = await order(seller, orgs.own, { papers: [text], photos: [large] })
    expect(codes(refused)).toEqual(['RECORD_REFUSED', 'FIELD_FILE_TYPE', 'FIELD_FILE_SIZE'])
    expect(refused.body.details.map((one: { message: string }) => one.message).join()).toContain('note.txt')
    const photo = await sent(seller, 'p.png', png)
    expect((await order(seller, orgs.own, { photos: [photo] })).status).toBe(201)
  })
})

describe('how long a file stays', () => {
  const pass = async (hours: number) => {
    server.clock.advance({ hours })
    await drainJobs(server.services, 'files')
  }

  test('what is not used goes after a day, and can be taken back before', async () => {
    const [unused, taken] = [await sent(seller, 'a.pdf', pdf), await sent(seller, 'b.pdf', pdf)]
    const kept = await sent(seller, 'c.pdf', pdf)
    await order(seller, orgs.own, { papers: [kept] })
    expect((await call(rival, 'DELETE', `files/${taken}`)).status).toBe(404)
    expect((await call(seller, 'DELETE', `files/${taken}`)).status).toBe(204)
    expect(codes(await call(seller, 'DELETE', `files/${kept}`))).toEqual(['UPLOAD_IN_USE'])
    expect(stored().some((name) => name.endsWith(taken))).toBe(false)
    await pass(12)
    expect((await fetchFile(seller, unused)).status).toBe(200)
    await pass(14)
    expect((await fetchFile(seller, unused)).status).toBe(404)
    expect(stored().some((name) => name.endsWith(unused))).toBe(false)
    expect((await fetchFile(seller, kept)).status).toBe(200)
  })

  test('what was taken out, or deleted with its record, stays for as long as the operator says', async () => {
    const [out, gone, back] = [
      await sent(seller, 'o.pdf', pdf),
      await sent(seller, 'g.pdf', pdf),
      await sent(seller, 'r.pdf', pdf),
    ]
    const one = (await order(seller, orgs.own, { papers: [out] })).body.record.id
    const two = (await order(seller, orgs.own, { papers: [gone] })).body.record.id
    const three = (await order(seller, orgs.own, { papers: [back] })).body.record.id
    expect((await call(seller, 'PATCH', `records/order/${one}`, { body: { papers: [] } })).status).toBe(200)
    for (const id of [two, three])
      expect((await call(seller, 'DELETE', `records/order/${id}`)).status).toBe(204)
    expect((await call(seller, 'POST', `records/order/${three}/restore`)).status).toBe(200)
    // History still leads to it; a deleted record shows nothing.
    expect((await fetchFile(colleague, out)).status).toBe(200)
    expect((await fetchFile(seller, gone)).status).toBe(404)
    expect((await fetchFile(seller, back)).status).toBe(200)
    await pass(29 * 24)
    expect(stored().some((name) => name.endsWith(gone))).toBe(true)
    await pass(2 * 24)
    expect([out, gone].map((id) => stored().some((name) => name.endsWith(id)))).toEqual([false, false])
    expect((await fetchFile(seller, back)).status).toBe(200)
  })

  test('bytes that no row knows go, and a row without bytes is told', async () => {
    const id = await sent(seller, 'x.pdf', pdf)
    await order(seller, orgs.own, { papers: [id] })
    const stray = '01900000-0000-7000-8000-00000000abcd'
    await server.services.files.write(
      { workspace: workspace.id, id: stray },
      (await import('node:stream')).Readable.from([pdf]),
    )
    const place = join(server.services.config.filesDir, workspace.id, 'cd', stray)
    const old = new Date(Date.now() - 48 * 3_600_000)
    utimesSync(place, old, old)
    await sent(seller, 'y.pdf', pdf)
    await pass(30)
    expect(stored().some((name) => name.endsWith(stray))).toBe(false)
    await server.services.files.remove({ workspace: workspace.id, id })
    const answer = await fetchFile(seller, id)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      410,
      'UPLOAD_CONTENT_GONE',
    ])
  })
})
