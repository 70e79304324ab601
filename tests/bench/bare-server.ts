import express from 'express'
import pg from 'pg'

// What the figures are held against: express and pg doing by hand what one route does, with no access rules, no
// validation and no history. Run as a process of its own; prints its port.

const { url, schema, partner } = JSON.parse(process.argv[2]!) as {
  url: string
  schema: string
  partner: string
}
const pool = new pg.Pool({ connectionString: url, max: 32 })
const app = express()
app.disable('x-powered-by')
app.use(express.json())

const contactColumns = [
  ...['id', 'rev', 'release', 'created_at', 'created_by', 'updated_at', 'updated_by'],
  ...['partner', 'name', 'job', 'phone', 'email', 'languages', 'decision_maker'],
]
const insert = `INSERT INTO "${schema}"."bare_contact" (${contactColumns.join(', ')})
  VALUES (${contactColumns.map((_, i) => `$${i + 1}`).join(', ')})`

app.post('/contact', async (request, response) => {
  const now = new Date().toISOString()
  const { name, job, phone, email, languages, decision_maker } = request.body
  const id = crypto.randomUUID()
  const values = [
    id,
    1,
    1,
    now,
    partner,
    now,
    partner,
    partner,
    name,
    job,
    phone,
    email,
    languages,
    decision_maker,
  ]
  await pool.query({ name: 'insert', text: insert, values })
  response.status(201).json(Object.fromEntries(contactColumns.map((column, i) => [column, values[i]])))
})

const columns = [
  ...['id', 'rev', 'release', 'created_at', 'created_by', 'updated_at', 'updated_by'],
  ...[
    'number',
    'partner',
    'customer_name',
    'customer_uscc',
    'customer_key',
    'product_line',
    'amount',
    'close_on',
  ],
  ...[
    'contact_name',
    'contact_phone',
    'note',
    'state',
    'protection',
    'submitted_by',
    'submitted_at',
    'approved_on',
  ],
].join(', ')

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

app.get('/registration/:id', async (request, response) => {
  const { rows } = await pool.query({
    name: 'read',
    text: `SELECT ${columns} FROM "${schema}".registration
      WHERE id = $1 AND partner = ANY ($2::uuid[]) AND deleted_at IS NULL`,
    values: [request.params.id, [partner]],
  })
  response.json({ record: rows[0] })
})

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') console.log(`port ${address.port}`)
})
