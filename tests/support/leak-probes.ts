import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { flowCommandRoutes } from '@channelwright/server/routes/flow-commands.ts'
import type { Route } from '@channelwright/server/routes/route.ts'
import type { MarkedOrganisation } from './leak-world.ts'

/** One request that should tell its sender nothing of the target. */
export interface Probe {
  readonly method: string
  readonly path: string
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
  /** The list asks for the target's rows alone: it must come back empty, and count none. */
  readonly empty?: boolean
  /** Answered with 200 whatever comes of it: each item says by itself whether it was done, and none may be. */
  readonly each?: boolean
}

type Probes = (target: MarkedOrganisation, objects: readonly string[]) => Probe[]

const get = (path: string, empty = false): Probe => ({ method: 'GET', path, empty })
const send = (method: 'POST' | 'PATCH' | 'PUT', path: string, body: JsonObject, headers = {}): Probe => ({
  method,
  path,
  body,
  headers,
})
const json = (value: Json) => encodeURIComponent(JSON.stringify(value))
const in_ = ({ workspace }: MarkedOrganisation, rest: string) => `/api/v1/${workspace}/${rest}`
/** Speaks of the caller's own session alone; nothing of anybody else goes in or comes out. */
const callersOwn: Probes = () => []
const nowhere = '01900000-0000-7000-8000-000000000000'

const eachRecord = (
  make: (path: string, object: string, id: string, t: MarkedOrganisation) => Probe[],
): Probes => {
  return (t) => t.records.flatMap(([object, id]) => make(in_(t, `records/${object}/${id}`), object, id, t))
}

/** Conditions that only rows of the target meet, by whatever way leads to them. */
const conditions = (t: MarkedOrganisation): Readonly<Record<string, readonly Json[]>> => ({
  partner: [
    { '==': [{ var: 'id' }, t.partner] },
    { startsWith: [{ var: 'legal_name' }, t.mark] },
    { startsWith: [{ '??': [{ var: 'note' }, ''] }, t.privateMark] },
  ],
  contact: [
    { '==': [{ var: 'partner' }, t.partner] },
    { '==': [{ var: 'partner.legal_name' }, `${t.mark} Ltd`] },
    { startsWith: [{ var: 'name' }, t.mark] },
  ],
  registration: [
    { '==': [{ var: 'partner' }, t.partner] },
    { startsWith: [{ var: 'customer_name' }, t.mark] },
    { '==': [{ var: 'submitted_by' }, t.seller.user] },
    { '==': [{ var: 'created_by' }, t.seller.user] },
    { startsWith: [{ var: 'partner.legal_name' }, t.mark] },
  ],
  authorisation: [{ '==': [{ var: 'lead_contact' }, t.seller.user] }],
  lead: [
    { startsWith: [{ var: 'company' }, t.mark] },
    { startsWith: [{ var: 'authorisation.partner.legal_name' }, t.mark] },
  ],
  lead_activity: [{ startsWith: [{ var: 'lead.company' }, t.mark] }],
  lead_assignment: [{ '==': [{ var: 'partner' }, t.partner] }],
  conflict: [{ startsWith: [{ '??': [{ var: 'ruling' }, ''] }, t.mark] }],
  conflict_party: [
    { startsWith: [{ var: 'customer_name' }, t.mark] },
    { startsWith: [{ '??': [{ var: 'conflict.ruling' }, ''] }, t.mark] },
  ],
  appeal: [{ startsWith: [{ var: 'party.evidence' }, t.mark] }],
})

/** A field of each object that somebody may write, where `note` is none. */
const writable: Readonly<Record<string, JsonObject>> = {
  contact: { name: 'taken' },
  authorisation: { share: 1 },
  lead: { need: 'taken' },
  lead_assignment: { outcome: 'silent' },
  conflict: { ruling: 'taken' },
  conflict_party: { evidence: 'taken' },
  appeal: { statement: 'taken' },
}

const lists = (suffix: string): Probes => {
  return (t, objects) =>
    objects.flatMap((object) => {
      const path = in_(t, `records/${object}${suffix}`)
      const narrow = (conditions(t)[object] ?? []).map((one) =>
        get(`${path}?count=true&filter=${json(one)}`, true),
      )
      return [
        get(path),
        get(`${path}?limit=200&count=true`),
        get(`${path}?expand=*&limit=200`),
        get(`${path}?search=${t.mark}&count=true`, true),
        get(`${path}?sort=-created_at&limit=1`),
        ...narrow,
      ]
    })
}

/** Every command on every task or run of the target, with what it may ask for. */
const commandProbes = Object.fromEntries(
  flowCommandRoutes.map((route): [string, Probes] => [
    route.name,
    (t) =>
      (route.path.includes('/tasks/') ? t.tasks : t.runs).map((id) => ({
        method: 'POST',
        path: route.path.replace(':workspace', t.workspace).replace(':id', id),
        body: givenTo(route, t),
      })),
  ]),
)

function givenTo(route: Route, t: MarkedOrganisation): JsonObject {
  const known: JsonObject = {
    commandId: nowhere,
    taskRev: 1,
    decision: 'approve',
    comment: 'mine now',
    reason: 'mine now',
    to: route.path.endsWith('/send_back') ? 'n_start' : t.seller.user,
    people: [t.seller.user],
    place: 'before',
    node: 'n_start',
    activation: nowhere,
    release: 1,
  }
  const asked = Object.keys((route.body as { properties?: object } | undefined)?.properties ?? {})
  return Object.fromEntries(Object.entries(known).filter(([name]) => asked.includes(name)))
}

/** By the name of the route. A route that is missing here fails the suite: say what could leak through it. */
export const probes: Readonly<Record<string, Probes>> = {
  ...commandProbes,
  acceptInvitation: callersOwn,
  approveTasks: (t) => [
    {
      method: 'POST',
      path: in_(t, 'tasks/batch'),
      body: {
        decision: 'approve',
        items: t.tasks.map((task) => ({ task, taskRev: 1, commandId: nowhere })),
      },
      each: true,
    },
  ],
  cancelPublication: (t) => [{ method: 'POST', path: in_(t, `publications/${nowhere}/cancel`), body: {} }],
  changePassword: callersOwn,
  checkDrafts: (t) => [{ method: 'POST', path: in_(t, 'drafts/check'), body: {} }],
  createDelegation: (t) => [
    send('POST', in_(t, 'delegations'), {
      to: t.seller.user,
      mode: 'also',
      starts_at: '2026-01-01T00:00:00Z',
      ends_at: '2026-01-02T00:00:00Z',
    }),
  ],
  createInvitation: (t) => [
    {
      method: 'POST',
      path: in_(t, 'invitations'),
      body: { email: 'spy@example.test', roles: ['partner_admin'], partner: t.partner },
    },
  ],
  createRecord: (t) => {
    const registration = { partner: t.partner, customer_name: 'Spied', product_line: nowhere, amount: '1' }
    const ids = Object.fromEntries(t.records)
    const visit = { lead: ids.lead ?? nowhere, kind: 'visit', happened_on: '2026-02-02', note: 'Spied' }
    const words = { statement: 'Spied', meeting: 'Spied', state: 'submitted' }
    return [
      send('POST', in_(t, 'records/lead_activity?expand=*'), { ...visit, partner: t.partner }),
      send('POST', in_(t, 'records/lead_activity?form=lead_activity_new&expand=*'), visit),
      send('POST', in_(t, 'records/appeal?form=appeal_new&expand=*'), {
        ...words,
        party: ids.conflict_party ?? nowhere,
        partner: t.partner,
      }),
      send('POST', in_(t, 'records/contact'), { partner: t.partner, name: 'Spy' }),
      send('POST', in_(t, 'records/contact?expand=*'), { partner: t.partner, name: 'Spy' }),
      send('POST', in_(t, 'records/partner'), { legal_name: 'Spy', type: 'agent', parent: t.partner }),
      send('POST', in_(t, 'records/registration'), registration),
      send('POST', in_(t, 'records/registration?form=registration_new'), {
        ...registration,
        close_on: '2026-06-01',
      }),
    ]
  },
  clearKeptMail: (t) => [{ method: 'DELETE', path: in_(t, 'kept-mail') }],
  deleteRecord: eachRecord((path) => [{ method: 'DELETE', path }]),
  discardDraft: (t) => [{ method: 'DELETE', path: in_(t, 'drafts?pack=partner_master&path=pack.json') }],
  downloadFile: (t) => t.files.map((id) => get(in_(t, `files/${id}`))),
  endDelegation: (t) => [{ method: 'DELETE', path: in_(t, `delegations/${nowhere}`) }],
  explainLedgerEntry: (t) => t.entries.map((id) => get(in_(t, `ledger/${id}/explanation`))),
  exportRecords: lists('/export'),
  exportRelease: (t) => [get(in_(t, 'releases/1/export'))],
  getClientRelease: (t) => [get(in_(t, 'release'))],
  getDefinitionSource: (t) => [get(in_(t, 'definitions/source?pack=partner_master&path=pack.json'))],
  getEarnings: (t) => [get(in_(t, 'earnings')), get(in_(t, `earnings?earner=${t.partner}`))],
  followMailLink: (t) => [{ method: 'POST', path: in_(t, 'mail-links/e30.forged') }],
  getFlowVersions: (t) => [get(in_(t, 'flow-versions/registration_approval'))],
  getMigration: (t) => [get(in_(t, `flow-migrations/${nowhere}`))],
  listFlowVersions: (t) => [get(in_(t, 'flow-versions'))],
  startMigration: (t) => [
    send('POST', in_(t, 'flow-migrations'), { flow: 'registration_approval', how: 'move', dry: true }),
  ],
  getFlowFigures: (t) => [get(in_(t, 'flow-figures'))],
  getForm: (t) => [get(in_(t, 'forms/registration_new'))],
  getFormValidator: (t) => [get(in_(t, 'forms/registration_new/validator-00000000000000000000.js'))],
  getInvitation: callersOwn,
  getOpenApi: (t) => [get(in_(t, 'openapi.json'))],
  getPortal: (t) => [get(in_(t, 'portal'))],
  getPublication: (t) => [get(in_(t, `publications/${nowhere}`))],
  getRecord: eachRecord((path) => [get(path), get(`${path}?expand=*`)]),
  getRun: (t) => t.runs.map((id) => get(in_(t, `runs/${id}`))),
  getSchema: () => [get('/schemas/object.json')],
  getSharedModule: () => [get('/api/modules/patterns-00000000000000000000.js')],
  getSession: () => [get('/api/v1/session')],
  getTask: (t) => t.tasks.map((id) => get(in_(t, `tasks/${id}`))),
  groupRecords: (t) => [get(in_(t, 'records/registration/groups?view=registrations'))],
  getView: (t) => [get(in_(t, 'views/registrations'))],
  listDefinitions: (t) => [get(in_(t, 'definitions'))],
  listFiles: (t) => [get(in_(t, `files?ids=${t.files.join(',')}`))],
  listFlowHooks: (t) => [get(in_(t, 'flow-hooks'))],
  renewFlowHookSecret: (t) => [send('POST', in_(t, 'flows/registration_approval/hook-secret'), {})],
  dropFlowHookSecret: (t) => [{ method: 'DELETE', path: in_(t, 'flows/registration_approval/hook-secret') }],
  takeFlowMessage: (t) => [
    send('POST', `/hooks/${t.workspace}/registration_approval`, { name: t.mark }),
    send('POST', `/hooks/${t.workspace}/no_such_flow`, { name: t.mark }),
  ],
  raiseFlowEvent: (t) => [
    send('POST', in_(t, 'flow-events'), {
      id: `leak ${t.registration}`.replace(' ', '-'),
      event: 'paid',
      record: t.registration,
    }),
    send('POST', in_(t, 'flow-events'), {
      id: 'leak-match',
      event: 'paid',
      match: { object: 'registration', where: { startsWith: [{ var: 'customer_name' }, t.mark] } },
    }),
  ],
  listFlowRuns: (t) => [get(in_(t, 'flow-runs?limit=200')), get(in_(t, `flow-runs?search=${t.mark}`))],
  listHistory: eachRecord((path) => [get(`${path}/history`), get(`${path}/history?limit=1`)]),
  listDelegations: (t) => [get(in_(t, 'delegations')), get(in_(t, 'delegations?all=true'))],
  listInboxRuns: (t) =>
    ['started', 'copied'].flatMap((box) => [
      get(in_(t, `inbox/runs?box=${box}&limit=200`)),
      get(in_(t, `inbox/runs?box=${box}&search=${t.mark}`)),
    ]),
  listInvitations: (t) => [get(in_(t, 'invitations'))],
  listKeptMail: (t) => [get(in_(t, 'kept-mail'))],
  listLedger: (t) => [
    get(in_(t, 'ledger?limit=200')),
    get(in_(t, `ledger?earner=${t.partner}`)),
    get(in_(t, `ledger?record=${t.registration}`)),
  ],
  listMembers: (t) => [get(in_(t, 'members'))],
  listNotifications: (t) => [get(in_(t, 'notifications?limit=200'))],
  listPeople: (t) => [
    get(in_(t, 'people?limit=200')),
    get(in_(t, `people?search=${t.mark}`)),
    get(in_(t, `people?id=${t.seller.user}`)),
  ],
  listRecords: lists(''),
  listReleases: (t) => [get(in_(t, 'releases'))],
  listRoles: (t) => [get(in_(t, 'roles'))],
  listRunsOfRecord: (t) => t.records.map(([object, id]) => get(in_(t, `runs?object=${object}&record=${id}`))),
  listTasks: (t) => [get(in_(t, 'tasks?limit=200')), get(in_(t, 'tasks?state=done&limit=200'))],
  markNotificationsRead: callersOwn,
  markRunRead: callersOwn,
  openMailLink: (t) => [get(in_(t, 'mail-links/e30.forged'))],
  planDrafts: (t) => [{ method: 'POST', path: in_(t, 'drafts/plan'), body: {} }],
  previewDocument: (t) => [
    send('POST', in_(t, 'documents/protection_notice/preview'), { record: t.registration }),
  ],
  publishDrafts: (t) => [{ method: 'POST', path: in_(t, 'drafts/publish'), body: {} }],
  removeFile: (t) => t.files.map((id) => ({ method: 'DELETE', path: in_(t, `files/${id}`) })),
  restoreRecord: eachRecord((path) => [{ method: 'POST', path: `${path}/restore` }]),
  revokeInvitation: (t) => [{ method: 'DELETE', path: in_(t, `invitations/${nowhere}`) }],
  rollBackRelease: (t) => [{ method: 'POST', path: in_(t, 'releases/1/rollback'), body: {} }],
  runCases: (t) => [{ method: 'POST', path: in_(t, 'cases/run'), body: {} }],
  runPlan: (t) => [
    { method: 'POST', path: in_(t, 'plans/registration_bonus/run'), body: { simulate: true } },
  ],
  saveDraft: (t) => [
    {
      method: 'PUT',
      path: in_(t, 'drafts'),
      body: { pack: 'partner_master', path: 'pack.json', text: null, rev: 0 },
    },
  ],
  signIn: callersOwn,
  signOut: callersOwn,
  signOutEverywhere: callersOwn,
  getStartPicks: (t) => [get(in_(t, 'flows/registration_approval/picks'))],
  listFlowStarts: (t) =>
    t.records.map(([object, id]) => get(in_(t, `flow-starts?object=${object}&record=${id}`))),
  listPickablePeople: (t) => [get(in_(t, 'flows/registration_approval/steps/n_manager/people'))],
  simulateFlow: (t) => [
    send('POST', in_(t, 'flows/registration_approval/simulate'), { record: t.registration }),
    send('POST', in_(t, 'flows/registration_approval/simulate'), { values: { partner: t.partner } }),
  ],
  replayFlow: (t) => [send('POST', in_(t, 'flows/registration_approval/replay'), { last: 5 })],
  startFlow: eachRecord((path, object) => [
    {
      method: 'POST',
      path: path.replace(/records\/.*$/, 'flows/registration_approval/start'),
      body: { record: path.split('/').at(-1) ?? object },
    },
  ]),
  // An endless answer of the caller's own counts; what stands in them the lists above are asked for.
  streamInbox: callersOwn,
  streamRun: (t) => t.runs.map((id) => get(in_(t, `runs/${id}/events`))),
  updateMember: (t) => [
    { method: 'PATCH', path: in_(t, `members/${t.seller.user}`), body: { status: 'inactive' } },
  ],
  updateRecord: eachRecord((path, object) => [
    send('PATCH', path, writable[object] ?? { note: 'taken' }),
    send('PATCH', `${path}?expand=*`, { phone: '010-12345678' }, { 'if-match': '"1"' }),
    ...(object === 'registration'
      ? [send('PATCH', `${path}?form=registration_close`, { state: 'lost' })]
      : []),
  ]),
  updateUser: callersOwn,
  // Nothing of it is anybody's yet; that it arrives in another workspace would already be too much.
  uploadFile: (t) => [{ method: 'POST', path: in_(t, 'files') }],
}
