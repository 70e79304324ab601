import { expect, test } from 'vitest'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { ObjectDefinition } from '../definition/object.ts'
import type { Json } from '../json.ts'
import { explainFlowRule } from './explain-edge.ts'
import { sketchFlow } from './vectors/world.ts'

const word = (value: string, title: string, zh: string) => ({ const: value, title, 'x-title': { zh } })
const object = {
  kind: 'object/1',
  key: 'registration',
  'x-id': 'o_r',
  title: { en: 'Registration', zh: '报备' },
  display: 'state',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['state'],
    properties: {
      state: {
        type: 'string',
        title: 'State',
        'x-id': 'f_state',
        'x-field': 'choice',
        'x-title': { zh: '状态' },
        oneOf: [word('lapsed', 'Lapsed', '已失效'), word('submitted', 'Submitted', '已提交')],
      },
    },
  },
} as unknown as ObjectDefinition
const nothing = new Map<string, never>()
const set = new Proxy({} as DefinitionSet, {
  get: (_, family) => (family === 'objects' ? new Map([['registration', object]]) : nothing),
})
const flow = { ...sketchFlow({ nodes: [], edges: ['start end_ok'] }), object: 'registration' }

test('values of a list are told as people call them, and so is what they are compared with', () => {
  const told = (rule: Json) => explainFlowRule(rule, flow, set, { state: 'lapsed' }).trace
  expect(told({ '==': [{ var: 'state' }, 'submitted'] })).toEqual({
    en: ['State ("Lapsed") = "Submitted": no'],
    zh: ['状态 (“已失效”) = “已提交”:否'],
  })
  const among = told({ in: [{ var: 'state' }, ['submitted', 'lapsed']] })
  expect(among.zh.join()).toContain('已提交、已失效')
  expect(among.en.join()).not.toContain('submitted')
})
