import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { LiveServer } from './live-server.ts'
import { addMember, callAs, type TestMember } from './members.ts'
import { textField } from './tiny-pack.ts'

/** A pack of one object whose flow has what approvals are made of: people, branches, a deadline, ways back. */

const word = (en: string, zh: string) => ({ en, zh })
const role = (key: string) => [{ kind: 'role', role: key }]
const approval = (
  id: string,
  title: { en: string; zh: string },
  by: string,
  more: JsonObject = {},
): JsonObject => ({
  'x-id': id,
  type: 'approval',
  title,
  approvers: role(by),
  onReject: { do: 'end' },
  ...more,
})

/** The definitions by their paths; each call makes them anew, so that they may be changed. */
export const requestDefinitions = (): Record<string, JsonObject> => ({
  'pack.json': {
    kind: 'pack/1',
    key: 'requests',
    'x-id': 'p_requests',
    title: word('Requests', '申请'),
    version: '1.0.0',
    locales: ['en', 'zh'],
  },
  'objects/request.json': {
    kind: 'object/1',
    key: 'request',
    'x-id': 'o_request',
    title: word('Request', '申请'),
    display: 'name',
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: textField('f_name', 'Name', { 'x-title': { zh: '名称' } }),
        reason: textField('f_reason', 'Reason', { 'x-title': { zh: '理由' } }),
      },
    },
  },
  'views/request_detail.json': {
    kind: 'view/1',
    key: 'request_detail',
    'x-id': 'v_detail',
    title: word('Request', '申请'),
    type: 'detail',
    object: 'request',
    sections: [{ 'x-id': 'd1', title: word('Request', '申请'), rows: [['name'], ['reason']] }],
    flow: true,
  },
  'views/request_list.json': {
    kind: 'view/1',
    key: 'request_list',
    'x-id': 'v_list',
    title: word('Requests', '申请'),
    type: 'table',
    object: 'request',
    menu: { order: 'a0', icon: 'file-text' },
    columns: [{ 'x-id': 'k1', field: 'name' }],
    detail: 'request_detail',
  },
  'flows/request_approval.json': {
    kind: 'flow/1',
    key: 'request_approval',
    'x-id': 'fl_request',
    title: word('Approval of requests', '申请审批'),
    object: 'request',
    trigger: { type: 'record', when: { '!=': [{ var: 'name' }, ''] } },
    settings: { selfApproval: 'forbid', onEmpty: 'admin', dedupe: 'none' },
    nodes: [
      { 'x-id': 'n_start', type: 'start', title: word('Submitted', '提交申请') },
      approval('n_lead', word('Team lead', '主管审批'), 'lead', {
        pass: 'any',
        timeouts: [{ after: 2, unit: 'hour', do: 'remind' }],
      }),
      { 'x-id': 'n_split', type: 'parallel', title: word('Both departments', '部门会签') },
      approval('n_finance', word('Finance', '财务审核'), 'finance'),
      approval('n_legal', word('Legal', '法务审核'), 'legal', { require: { signature: ['approve'] } }),
      { 'x-id': 'n_join', type: 'join', title: word('Together again', '汇合') },
      { 'x-id': 'n_end', type: 'end', title: word('Approved', '已批准'), outcome: 'approved' },
    ],
    edges: [
      { 'x-id': 'e1', from: 'n_start', to: 'n_lead' },
      { 'x-id': 'e2', from: 'n_lead', exit: 'approved', to: 'n_split' },
      { 'x-id': 'e3', from: 'n_split', to: 'n_finance' },
      { 'x-id': 'e4', from: 'n_split', to: 'n_legal' },
      { 'x-id': 'e5', from: 'n_finance', exit: 'approved', to: 'n_join' },
      { 'x-id': 'e6', from: 'n_legal', exit: 'approved', to: 'n_join' },
      { 'x-id': 'e7', from: 'n_join', to: 'n_end' },
    ],
  },
  'forms/request_budget.json': {
    kind: 'form/1',
    key: 'request_budget',
    'x-id': 'fo_budget',
    title: word('Budget', '预算'),
    purpose: 'edit',
    object: 'request',
    steps: [
      {
        'x-id': 'b_main',
        title: word('Budget', '预算'),
        sections: [{ 'x-id': 'b1', rows: [['reason']] }],
      },
    ],
    fields: { reason: { required: true } },
  },
  // Begun by a button: whoever presses it chooses who looks, and who looks chooses who comes next.
  'flows/second_look.json': {
    kind: 'flow/1',
    key: 'second_look',
    'x-id': 'fl_look',
    title: word('Second look', '复核'),
    object: 'request',
    trigger: {
      type: 'button',
      label: word('Ask for a second look', '发起复核'),
      roles: ['asker', 'lead'],
      when: { '!=': [{ var: 'name' }, 'Closed'] },
      form: 'request_budget',
    },
    settings: { selfApproval: 'ask', onEmpty: 'admin', dedupe: 'none' },
    nodes: [
      { 'x-id': 'l_start', type: 'start', title: word('Asked', '发起') },
      {
        ...approval('l_first', word('First look', '初审'), 'finance'),
        approvers: [{ kind: 'picked_by_applicant', range: [...role('finance'), ...role('legal')], max: 2 }],
      },
      {
        ...approval('l_next', word('Next look', '再审'), 'lead'),
        approvers: [{ kind: 'picked_by_previous', range: role('lead') }],
      },
      { 'x-id': 'l_end', type: 'end', title: word('Looked at', '已复核'), outcome: 'approved' },
    ],
    edges: [
      { 'x-id': 'le1', from: 'l_start', to: 'l_first' },
      { 'x-id': 'le2', from: 'l_first', exit: 'approved', to: 'l_next' },
      { 'x-id': 'le3', from: 'l_next', exit: 'approved', to: 'l_end' },
    ],
  },
  // Only where the record goes one of two ways somebody has to be chosen.
  'flows/picked_purchase.json': {
    kind: 'flow/1',
    key: 'picked_purchase',
    'x-id': 'fl_picked',
    title: word('Purchase', '采购'),
    object: 'request',
    trigger: { type: 'record', when: { in: [{ var: 'name' }, ['Purchase', 'Lamps']] } },
    nodes: [
      { 'x-id': 'u_start', type: 'start', title: word('Submitted', '提交') },
      { 'x-id': 'u_which', type: 'condition', title: word('Which way', '分支') },
      {
        ...approval('u_one', word('Buyer', '采购员'), 'legal'),
        approvers: [{ kind: 'picked_by_applicant' }],
      },
      { 'x-id': 'u_meet', type: 'merge', title: word('Together', '汇合') },
      { 'x-id': 'u_end', type: 'end', title: word('Bought', '完成'), outcome: 'approved' },
    ],
    edges: [
      { 'x-id': 'u1', from: 'u_start', to: 'u_which' },
      {
        'x-id': 'u2',
        from: 'u_which',
        to: 'u_one',
        'x-order': 'a',
        when: { '==': [{ var: 'name' }, 'Purchase'] },
      },
      { 'x-id': 'u3', from: 'u_which', to: 'u_meet', 'x-order': 'b', default: true },
      { 'x-id': 'u4', from: 'u_one', exit: 'approved', to: 'u_meet' },
      { 'x-id': 'u5', from: 'u_meet', to: 'u_end' },
    ],
  },
  ...Object.fromEntries(
    ['asker', 'lead', 'finance', 'legal', 'keeper'].map((key) => [
      `grants/${key}.json`,
      {
        kind: 'grant/1',
        key,
        'x-id': `g_${key}`,
        title: word(key, key),
        role: key,
        for: 'staff',
        objects: {
          request: {
            read: { rows: true, fields: ['*'] },
            create: { rows: true, fields: ['*'] },
            update: { rows: true, fields: ['*'] },
          },
        },
        views: ['request_list', 'request_detail'],
        flows: { request_approval: ['see'], second_look: ['see'], picked_purchase: ['see'] },
        forms: ['request_budget'],
        ...(key === 'keeper' ? { platform: ['administer_flows'] } : {}),
      },
    ]),
  ),
})

export function requestSources(definitions = requestDefinitions()): DefinitionSource[] {
  return Object.entries(definitions).map(([path, definition]) => ({
    pack: 'requests',
    path,
    text: `${JSON.stringify(definition, null, 2)}\n`,
  }))
}

export interface RequestCast {
  readonly key: string
  readonly asker: TestMember
  readonly lead: TestMember
  readonly deputy: TestMember
  readonly finance: TestMember
  readonly legal: TestMember
  readonly keeper: TestMember
  /** Submits a request; returns the record's id. */
  submit(name: string): Promise<string>
}

export async function castRequests(
  { services, url }: Pick<LiveServer, 'services' | 'url'>,
  key: string,
  sources = requestSources(),
): Promise<RequestCast> {
  const workspace = await createWorkspace(services, {
    key,
    title: word('Harbour Supplies', '海港供应'),
    timeZone: 'Asia/Shanghai',
  })
  await publishSources(services, workspace, sources)
  const join = (name: string, held: string) => addMember(services, workspace, { name, roles: [held] })
  const asker = await join('李娜', 'asker')
  return {
    key,
    asker,
    lead: await join('王敏', 'lead'),
    deputy: await join('孙悦', 'asker'),
    finance: await join('赵刚', 'finance'),
    legal: await join('Chris Lee', 'legal'),
    keeper: await join('陈立', 'keeper'),
    async submit(name) {
      const { status, body, text } = await callAs(url, asker)('POST', `/api/v1/${key}/records/request`, {
        body: { name, reason: 'Needed by the end of the month' },
      })
      if (status !== 201) throw new Error(`not submitted: ${text}`)
      return body.record.id
    },
  }
}
