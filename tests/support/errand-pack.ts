import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Services, Workspace } from '@channelwright/server/services.ts'
import { step, word } from './flow-sketch.ts'
import { addMember, type TestMember } from './members.ts'
import { moneyField, textField } from './tiny-pack.ts'

// A pack whose flows do everything that must happen once: webhooks, writes that would show if they were done twice,
// clocks, waits, flows within flows. An errand's kind says which flow it takes; each adds 1 to its count at the end.

const role = (key: string) => [{ kind: 'role', role: key }]
const approval = (id: string, by: string, more: JsonObject = {}) =>
  step(id, 'approval', { approvers: role(by), onReject: { do: 'end' }, ...more })
/** Branches have a field each: what is written is reckoned as the step is reached, beside what others write then. */
const addOne = (id: string, field = 'count') =>
  step(id, 'action', {
    effect: 'set_fields',
    with: { [field]: { '+': [{ '??': [{ var: field }, { dec: '0' }] }, { dec: '1' }] } },
  })
/** What is added to the path: the name of the errand. */
const hook = (id: string, url: string) =>
  step(id, 'action', { effect: 'webhook', with: { url, body: { name: { var: 'name' } } } })
const till = (id: string) => step(id, 'delay', { until: { at: { var: 'due' } } })
const end = step('n_end', 'end', { outcome: 'approved' })

type Edge = readonly [from: string, to: string, exit?: string]

function flow(
  key: string,
  nodes: readonly JsonObject[],
  edges: readonly Edge[],
  { kind = key, settings = {} }: { kind?: string | null; settings?: JsonObject } = {},
): JsonObject {
  return {
    kind: 'flow/1',
    key,
    'x-id': `w_${key}`,
    title: word(key),
    object: 'errand',
    trigger: { type: 'record', when: kind === null ? false : { '==': [{ var: 'kind' }, kind] } },
    settings: {
      selfApproval: 'forbid',
      withdraw: 'until_end',
      dedupe: 'none',
      onEmpty: 'admin',
      ...settings,
    },
    nodes: [step('n_start', 'start'), ...nodes, end],
    edges: edges.map(([from, to, exit], at) => ({ 'x-id': `e${at}`, from, to, ...(exit ? { exit } : {}) })),
  }
}

/** One after the other, from the start to the end. */
const line = (...ids: string[]): Edge[] =>
  ['n_start', ...ids].map((id, at) => [id, ids[at] ?? 'n_end'] as const)

/** Kinds of errands, and by how much each has grown when its case has been approved. */
export const growthOf: Readonly<Record<string, number>> = {
  plain: 1,
  hooked: 1,
  late: 1,
  watching: 1,
  // One by the subflow, one for each of its two lines, one itself.
  parts: 4,
  // One by each of its two lines, one itself.
  asking: 3,
  // One by each branch, one by the subflow, one itself.
  whole: 4,
}

export function errandDefinitions(hookUrl: string): Record<string, JsonObject> {
  return {
    'pack.json': {
      kind: 'pack/1',
      key: 'errands',
      'x-id': 'p_errands',
      title: word('Errands'),
      version: '1.0.0',
      locales: ['en', 'zh'],
    },
    'objects/errand.json': {
      kind: 'object/1',
      key: 'errand',
      'x-id': 'o_errand',
      title: word('Errand'),
      display: 'name',
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'kind'],
        properties: {
          name: textField('f_name', 'Name'),
          kind: textField('f_kind', 'Kind'),
          note: textField('f_note', 'Note'),
          count: moneyField('f_count', 'Count'),
          hooked: moneyField('f_hooked', 'Hooked'),
          paid: moneyField('f_paid', 'Paid'),
          due: {
            'x-field': 'datetime',
            'x-id': 'f_due',
            title: 'Due',
            'x-title': { zh: 'Due' },
            type: 'string',
            format: 'date-time',
          },
          parts: {
            'x-field': 'lines',
            'x-id': 'f_parts',
            title: 'Parts',
            'x-title': { zh: 'Parts' },
            type: 'array',
            'x-lines': { properties: { name: textField('l_name', 'Name') }, required: ['name'] },
          },
        },
      },
    },
    'flows/plain.json': flow(
      'plain',
      [approval('n_lead', 'lead'), addOne('n_add')],
      [
        ['n_start', 'n_lead'],
        ['n_lead', 'n_add', 'approved'],
        ['n_add', 'n_end'],
      ],
    ),
    'flows/hooked.json': flow('hooked', [hook('n_hook', hookUrl), addOne('n_add')], line('n_hook', 'n_add')),
    'flows/late.json': flow('late', [till('n_late'), addOne('n_add')], line('n_late', 'n_add')),
    'flows/watching.json': flow(
      'watching',
      [step('n_wait', 'wait', { for: { when: { '==': [{ var: 'note' }, 'go'] } } }), addOne('n_add')],
      line('n_wait', 'n_add'),
    ),
    'flows/parts.json': flow(
      'parts',
      [
        step('n_sub', 'subflow', { flow: 'one_part' }),
        step('n_each', 'for_each', { over: { lines: 'parts' }, flow: 'one_part', atOnce: 1 }),
        addOne('n_add'),
      ],
      line('n_sub', 'n_each', 'n_add'),
    ),
    'flows/one_part.json': flow('one_part', [addOne('n_add')], line('n_add'), { kind: null }),
    'flows/asking.json': flow(
      'asking',
      [
        step('n_each', 'for_each', { over: { lines: 'parts' }, flow: 'asked_part', atOnce: 2 }),
        addOne('n_add'),
      ],
      line('n_each', 'n_add'),
    ),
    'flows/asked_part.json': flow(
      'asked_part',
      [approval('n_lead', 'lead'), addOne('n_add')],
      [
        ['n_start', 'n_lead'],
        ['n_lead', 'n_add', 'approved'],
        ['n_add', 'n_end'],
      ],
      { kind: null },
    ),
    'flows/whole.json': flow(
      'whole',
      [
        approval('n_lead', 'lead', {
          returnTo: { targets: ['n_start'], resume: 'ask' },
          actions: ['transfer', 'delegate', 'add_parallel', 'return'],
          timeouts: [{ after: 2, unit: 'hour', do: 'remind' }],
        }),
        step('n_split', 'parallel'),
        hook('n_hook', hookUrl),
        addOne('n_hooked', 'hooked'),
        approval('n_finance', 'finance'),
        addOne('n_paid', 'paid'),
        till('n_late'),
        step('n_join', 'join'),
        step('n_sub', 'subflow', { flow: 'one_part' }),
        addOne('n_add'),
        step('n_tell', 'action', {
          effect: 'notify',
          with: { to: role('keeper'), title: word('Done') },
        }),
      ],
      [
        ['n_start', 'n_lead'],
        ['n_lead', 'n_split', 'approved'],
        ['n_split', 'n_hook'],
        ['n_hook', 'n_hooked'],
        ['n_hooked', 'n_join'],
        ['n_split', 'n_finance'],
        ['n_finance', 'n_paid', 'approved'],
        ['n_paid', 'n_join'],
        ['n_split', 'n_late'],
        ['n_late', 'n_join'],
        ['n_join', 'n_sub'],
        ['n_sub', 'n_add'],
        ['n_add', 'n_tell'],
        ['n_tell', 'n_end'],
      ],
    ),
    ...Object.fromEntries(
      ['asker', 'lead', 'finance', 'keeper'].map((key) => [
        `grants/${key}.json`,
        {
          kind: 'grant/1',
          key,
          'x-id': `g_${key}`,
          title: word(key),
          role: key,
          for: 'staff',
          objects: {
            errand: {
              read: { rows: true, fields: ['*'] },
              create: { rows: true, fields: ['*'] },
              update: { rows: true, fields: ['*'] },
            },
          },
          ...(key === 'keeper' ? { platform: ['administer_flows'] } : {}),
        },
      ]),
    ),
  }
}

export interface ErrandCast {
  readonly key: string
  readonly workspace: Workspace
  readonly asker: TestMember
  readonly lead: TestMember
  readonly deputy: TestMember
  readonly finance: TestMember
  readonly keeper: TestMember
}

/** A workspace of that pack with its people; `change` edits the definitions first. */
export async function castErrands(
  services: Services,
  key: string,
  hookUrl = 'https://hooks.example.com/in',
  change: (definitions: Record<string, JsonObject>) => void = () => undefined,
): Promise<ErrandCast> {
  const title = { en: 'Errands', zh: '跑腿' }
  const workspace = await createWorkspace(services, { key, title, timeZone: 'Asia/Shanghai' })
  const definitions = errandDefinitions(hookUrl)
  change(definitions)
  await publishSources(services, workspace, toSources(definitions))
  const join = (name: string, held: string) => addMember(services, workspace, { name, roles: [held] })
  return {
    key,
    workspace,
    asker: await join('Ada Asker', 'asker'),
    lead: await join('Leo Lead', 'lead'),
    deputy: await join('Dana Deputy', 'asker'),
    finance: await join('Fay Finance', 'finance'),
    keeper: await join('Kim Keeper', 'keeper'),
  }
}

export function toSources(definitions: Readonly<Record<string, JsonObject>>): DefinitionSource[] {
  return Object.entries(definitions).map(([path, definition]) => ({
    pack: 'errands',
    path,
    text: `${JSON.stringify(definition, null, 2)}\n`,
  }))
}
