import { expect, test } from 'vitest'
import { endTitle } from './end-title.ts'
import { FlowWorld, people } from './vectors/world.ts'

const ask = (id: string, more: object = {}) => ({ id, type: 'approval', approvers: people('a'), ...more })
const named = ({ flow, run }: FlowWorld) => run && endTitle(flow, run)?.en

test('a case is called by the end that it reached, of several with one outcome', () => {
  const nodes = [ask('a1'), { id: 'fast', type: 'end', outcome: 'approved' }, ask('a2')]
  const edges = ['start a1', 'a1 approved fast', 'a1 rejected a2', 'a2 approved end_ok', 'a2 rejected end_no']
  const world = () => new FlowWorld({ nodes, edges }).start()
  expect(named(world())).toBeUndefined()
  expect(named(world().does('a', 'approve'))).toBe('fast')
  expect(named(world().does('a', 'reject').does('a', 'approve'))).toBe('end_ok')
})

test('one that was opened again and broken off is not called by the end before', () => {
  const nodes = [ask('a1'), ask('a2', { approvers: people('b'), onReject: { do: 'end' } })]
  const world = new FlowWorld({ nodes }).start().does('a', 'reject')
  expect(named(world)).toBe('end_no')
  world.do({ type: 'reopen', by: 'adm', reason: 'new facts', node: 'a1' })
  expect(named(world)).toBeUndefined()
  expect(world.does('a', 'approve').does('b', 'reject').run?.outcome).toBe('rejected')
  expect(named(world)).toBeUndefined()
})
