import { createHmac, timingSafeEqual } from 'node:crypto'
import express from 'express'
import pg from 'pg'

// What the figures are held against: express and pg doing by hand what one route does. Every request shows a signed
// session; the token is checked and the member remembered. Rights stand in the statements: a column of the partner's
// own rows, nothing else. `/contact` is one insert and no more; `/checked-contact` reads each value, asks whether the
// partner is the caller's, and writes the history row in the same statement. Run as a process of its own, by plain Node as
// the program itself is; prints its port.

const { url, schema, partner, secret, fields } = JSON.parse(process.argv[2])
const pool = new pg.Pool({ connectionString: url, max: 32 })
const app = express()
app.disable('x-powered-by')

app.use((request, response, next) => {
  if (isSignedIn(request)) next()
  else response.status(401).json({ error: 'sign in' })
})
app.use(express.json())

function isSignedIn(request) {
  const cookie = /(?:^|; )channelwright\.session_token=([^;]*)/.exec(request.headers.cookie ?? '')?.[1]
  const signed = decodeURIComponent(cookie ?? '')
  const dot = signed.lastIndexOf('.')
  const given = Buffer.from(signed.slice(dot + 1), 'base64')
  const wanted = createHmac('sha256', secret).update(signed.slice(0, dot)).digest()
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const stampColumns = ['id', 'rev', 'release', 'created_at', 'created_by', 'updated_at', 'updated_by']
const contactColumns = [
  ...stampColumns,
  ...['partner', 'name', 'job', 'phone', 'email', 'languages', 'decision_maker'],
]
const marks = contactColumns.map((_, at) => `$${at + 1}`)
const insert = `INSERT INTO "${schema}".bare_contact (${contactColumns.join(', ')}) VALUES (${marks.join(', ')})`
const insertWithHistory = `WITH made AS (
    INSERT INTO "${schema}".bare_contact (${contactColumns.join(', ')})
    SELECT ${marks.join(', ')} FROM "${schema}".partner p WHERE p.id = $8 AND p.deleted_at IS NULL RETURNING *
  ) INSERT INTO "${schema}".bare_history (object, record_id, rev, at, actor, release, op, before, after)
    SELECT 'contact', id, rev, created_at, created_by, release, 'create', '{}', $15::jsonb FROM made`

app.post('/contact', async (request, response) => {
  const values = valuesOf(request.body)
  await pool.query({ name: 'insert', text: insert, values })
  response.status(201).json(replyOf(values))
})

app.post('/checked-contact', async (request, response) => {
  if (!isContact(request.body) || request.body.partner !== partner) {
    response.status(400).json({ error: 'not a contact' })
    return
  }
  const values = valuesOf(request.body)
  const { rowCount } = await pool.query({
    name: 'insert with history',
    text: insertWithHistory,
    values: [...values, JSON.stringify(request.body)],
  })
  if (rowCount) response.status(201).json(replyOf(values))
  else response.status(400).json({ error: 'no such partner' })
})

function isContact(body) {
  const isText = (value, most) => typeof value === 'string' && value.length <= most
  return (
    isText(body.name, 200) &&
    ['owner', 'sales', 'technical', 'finance', 'marketing'].includes(String(body.job)) &&
    /^\+?[\d -]{5,30}$/.test(String(body.phone)) &&
    /^[^@\s]+@[^@\s]+$/.test(String(body.email)) &&
    Array.isArray(body.languages) &&
    body.languages.every((one) => one === 'zh' || one === 'en') &&
    typeof body.decision_maker === 'boolean'
  )
}

function valuesOf(body) {
  const now = new Date().toISOString()
  const { name, job, phone, email, languages, decision_maker } = body
  const stamps = [crypto.randomUUID(), 1, 1, now, partner, now, partner]
  return [...stamps, partner, name, job, phone, email, languages, decision_maker]
}

function replyOf(values) {
  return Object.fromEntries(contactColumns.map((column, at) => [column, values[at]]))
}

const columns = [...stampColumns, ...fields].join(', ')

app.get('/registration', async (request, response) => {
  const { rows } = await pool.query({
    name: 'list',
    text: `SELECT ${columns} FROM "${schema}".registration
      WHERE partner = ANY ($1::uuid[]) AND state = $2 AND deleted_at IS NULL
      ORDER BY submitted_at DESC, id DESC LIMIT 50`,
    values: [[partner], request.query.state],
  })
  response.json({ records: rows })
})

const readText = `SELECT ${columns} FROM "${schema}".registration
  WHERE id = $1 AND partner = ANY ($2::uuid[]) AND deleted_at IS NULL`
const items = `(SELECT coalesce(jsonb_agg(l ORDER BY l.position), '[]') FROM "${schema}".registration_items l
  WHERE l.record_id = registration.id) AS items`

app.get('/registration/:id', async (request, response) => {
  const values = [request.params.id, [partner]]
  const { rows } = await pool.query({ name: 'read', text: readText, values })
  response.json({ record: rows[0] })
})

app.get('/registration-with-items/:id', async (request, response) => {
  const values = [request.params.id, [partner]]
  const text = readText.replace(' FROM', `, ${items} FROM`)
  const { rows } = await pool.query({ name: 'read with items', text, values })
  response.json({ record: rows[0] })
})

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') console.log(`port ${address.port}`)
})
