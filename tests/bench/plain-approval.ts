import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { moneyField, textField } from '../support/tiny-pack.ts'

const word = (en: string, zh: string) => ({ en, zh })
const grant = (key: string, objects: JsonObject): JsonObject => ({
  kind: 'grant/1',
  key,
  'x-id': `g_${key}`,
  title: word(key, key),
  role: key,
  for: 'staff',
  objects: { expense: { read: { rows: true, fields: ['*'] }, ...objects } },
  flows: { expense_approval: ['see'], expense_notice: ['see'] },
})

/** An approval, and one action behind it. */
const approval = (key: string, state: string, action: JsonObject): JsonObject => ({
  kind: 'flow/1',
  key,
  'x-id': `fl_${key}`,
  title: word('Approval of expenses', '费用审批'),
  object: 'expense',
  trigger: { type: 'record', when: { '==': [{ var: 'state' }, state] } },
  nodes: [
    { 'x-id': 'n_start', type: 'start', title: word('Submitted', '提交') },
    {
      'x-id': 'n_lead',
      type: 'approval',
      title: word('Lead', '主管'),
      approvers: [{ kind: 'role', role: 'lead' }],
      onReject: { do: 'end' },
    },
    { 'x-id': 'n_do', type: 'action', title: word('Carry out', '执行'), ...action },
    { 'x-id': 'n_end', type: 'end', title: word('Approved', '已批准'), outcome: 'approved' },
  ],
  edges: [
    { 'x-id': 'e1', from: 'n_start', to: 'n_lead' },
    { 'x-id': 'e2', from: 'n_lead', exit: 'approved', to: 'n_do' },
    { 'x-id': 'e3', from: 'n_do', to: 'n_end' },
  ],
})

/**
 * One object with an approval that writes the outcome into it, what an engine does for a decision and nothing else, and
 * one whose action is left to a job.
 */
const definitions: Readonly<Record<string, JsonObject>> = {
  'pack.json': {
    kind: 'pack/1',
    key: 'expenses',
    'x-id': 'p_expenses',
    title: word('Expenses', '费用'),
    version: '1.0.0',
    locales: ['en', 'zh'],
  },
  'objects/expense.json': {
    kind: 'object/1',
    key: 'expense',
    'x-id': 'o_expense',
    title: word('Expense', '费用'),
    display: 'name',
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'amount'],
      properties: {
        name: textField('f_name', 'Name'),
        amount: moneyField('f_amount', 'Amount'),
        state: textField('f_state', 'State', { default: 'submitted' }),
      },
    },
  },
  'flows/expense_approval.json': approval('expense_approval', 'submitted', {
    effect: 'set_fields',
    with: { state: 'approved' },
  }),
  'flows/expense_notice.json': approval('expense_notice', 'told', {
    effect: 'notify',
    with: {
      to: [{ kind: 'role', role: 'asker' }],
      title: word('Your expense was approved', '您的费用已批准'),
    },
  }),
  'grants/asker.json': grant('asker', { create: { rows: true, fields: ['*'] } }),
  'grants/lead.json': grant('lead', {}),
}

export function plainApprovalSources(): DefinitionSource[] {
  return Object.entries(definitions).map(([path, definition]) => ({
    pack: 'expenses',
    path,
    text: `${JSON.stringify(definition, null, 2)}\n`,
  }))
}
