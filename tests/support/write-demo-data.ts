import { base } from './demo-data/chance.ts'
import { makeConflicts } from './demo-data/conflicts.ts'
import { makeLeads } from './demo-data/leads.ts'
import { addCertificates, contactRows, partnerRows } from './demo-data/partners.ts'
import { accounts, users } from './demo-data/people.ts'
import { lineRows, rows } from './demo-data/registrations.ts'
import { write } from './demo-data/write.ts'

/**
 * Writes `templates/<pack>/demo/*.json`: one vendor group with two businesses, a consumer-electronics maker and an IT
 * solution provider. Seeded: the same bytes every time. Days count from `base`; loading moves them to today.
 * Run: npx tsx tests/support/write-demo-data.ts
 */
addCertificates()
write('partner_master', { base, users, accounts }, [
  {
    object: 'partner',
    fields: [
      '$as',
      '$by',
      '$at',
      'legal_name',
      'uscc',
      'type',
      'parent',
      'tier',
      'region',
      'channel_manager',
      'status',
      'joined_on',
      'website',
      'phone',
      'annual_commitment',
      'certificates',
    ],
    rows: partnerRows,
  },
  {
    object: 'contact',
    fields: ['$as', '$by', '$at', 'partner', 'name', 'job', 'phone', 'email', 'languages', 'decision_maker'],
    rows: contactRows,
  },
])
write('deal_registration', { base }, [
  { object: 'product_line', fields: ['$as', '$by', '$at', 'code', 'name', 'active'], rows: lineRows },
  {
    object: 'registration',
    fields: [
      '$as',
      '$by',
      '$at',
      '$start',
      'partner',
      'customer_name',
      'customer_uscc',
      'product_line',
      'amount',
      'close_on',
      'contact_name',
      'contact_phone',
      'note',
      'state',
      'protection',
      'submitted_by',
      'submitted_at',
      'items',
      '$steps',
    ],
    rows: rows.map((one) => one.row),
  },
])
const { authorisationRows, leadRows, activityRows, assignmentRows } = makeLeads()
write('leads', { base }, [
  {
    object: 'authorisation',
    fields: [
      '$as',
      '$by',
      '$at',
      'partner',
      'product_line',
      'region',
      'lead_contact',
      'share',
      'open_limit',
      'score',
      'active',
    ],
    rows: authorisationRows,
  },
  {
    object: 'lead',
    fields: [
      '$as',
      '$by',
      '$at',
      '$start',
      'company',
      'contact_name',
      'contact_phone',
      'region',
      'product_line',
      'need',
      'source',
      'state',
      'authorisation',
      'offered_at',
      'customer_uscc',
      '$steps',
    ],
    rows: leadRows,
  },
  {
    object: 'lead_activity',
    fields: ['$by', '$at', 'lead', 'partner', 'kind', 'happened_on', 'note', 'person'],
    rows: activityRows,
  },
  {
    object: 'lead_assignment',
    fields: ['$by', '$at', 'lead', 'partner', 'person', 'offered_at', 'ended_at', 'outcome'],
    rows: assignmentRows,
  },
])
const conflicts = makeConflicts()
write('deal_conflicts', { base, users: conflicts.people }, [
  {
    object: 'registration',
    fields: [
      '$as',
      '$by',
      '$at',
      'partner',
      'customer_name',
      'customer_uscc',
      'product_line',
      'amount',
      'close_on',
      'contact_name',
      'state',
      'protection',
      'submitted_by',
      'submitted_at',
      '$steps',
    ],
    rows: conflicts.dealRows,
  },
  {
    object: 'conflict',
    fields: ['$as', '$by', '$at', '$start', 'customer_name', 'product_line', 'opened_at', 'state'],
    rows: conflicts.conflictRows,
  },
  {
    object: 'conflict_party',
    fields: [
      '$as',
      '$by',
      '$at',
      'registration',
      'partner',
      'person',
      'customer_name',
      'customer_key',
      'product_line',
      'filed_at',
      'complete',
      'twin',
      'evidence',
      'state',
      'reversed',
      '$steps',
    ],
    rows: conflicts.partyRows,
  },
  { object: 'conflict', fields: ['$of', '$steps'], rows: conflicts.rulingRows },
  {
    object: 'appeal',
    fields: [
      '$by',
      '$at',
      '$start',
      'party',
      'conflict',
      'partner',
      'statement',
      'meeting',
      'met_on',
      'state',
      'person',
      '$steps',
    ],
    rows: conflicts.appealRows,
  },
])
console.log(
  `${users.length} users, ${partnerRows.length} partners, ${contactRows.length} contacts, ${rows.length} records with a flow`,
)
