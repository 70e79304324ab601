import { expect, test } from 'vitest'
import type { FlowDefinition } from '../definition/flow.ts'
import { scopeFromFields } from '../logic/scope.ts'
import { checkEdges } from './check-edges.ts'

const scope = scopeFromFields([['amount', { t: 'int', nullable: false }]], { required: ['amount'] })
const rule = (sign: string, than: number) => ({ [sign]: [{ var: 'amount' }, than] })
const way = (id: string, more: object) => ({ 'x-id': id, from: 'n_which', to: 'n_end', ...more })

function told(type: string, ...ways: object[]): string[] {
  const flow = { nodes: [{ 'x-id': 'n_which', type }], edges: ways } as unknown as FlowDefinition
  return checkEdges(flow, scope).map(({ code, path, severity }) => `${code} ${path} ${severity}`)
}

const last = way('e3', { 'x-order': 'c', default: true })

test('a default that the rules beside it leave nothing for is told of', () => {
  const large = way('e1', { 'x-order': 'a', when: rule('>', 100) })
  const small = way('e2', { 'x-order': 'b', when: rule('<=', 100) })
  const never = ['FLOW_DEFAULT_NEVER /edges/2/default warning']
  expect(told('condition', large, small, last)).toEqual(never)
  // Where all ways may be taken that hold, the default still is for none of them.
  expect(told('inclusive', large, small, last)).toEqual(never)
  expect(told('condition', large, way('e2', { 'x-order': 'b', when: rule('<', 100) }), last)).toEqual([])
})

test('a way that those before it leave nothing for is told of where one alone is taken', () => {
  const ways = [
    way('e1', { 'x-order': 'a', when: rule('>', 10) }),
    way('e2', { 'x-order': 'b', when: rule('>', 100) }),
  ]
  expect(told('condition', ...ways, last)).toEqual(['T8_BRANCH /edges/1/when warning'])
  expect(told('inclusive', ...ways, last)).toEqual([])
})
