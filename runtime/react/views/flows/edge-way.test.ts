import { describe, expect, it } from 'vitest'
import { layOutWays, wayOf } from './edge-way.ts'

const size = { width: 190, height: 58, nodesep: 48, ranksep: 56 }
const nodes = ['a', 'b', 'c'].map((id) => ({ id }))
const edges = [
  { id: 'e1', from: 'a', to: 'b', label: '50 万元及以上' },
  { id: 'e2', from: 'a', to: 'c', label: 'below' },
  { id: 'e3', from: 'b', to: 'c' },
]

describe('the ways of edges', () => {
  it('lead past a step that stands between the ends, with the label beside it', () => {
    const laid = layOutWays({ nodes, edges }, size)
    const way = laid.bendsOf(edges[1]!)
    const beside = way.bends[1]!
    expect(Math.abs(beside.x - laid.middleOf('b').x)).toBeGreaterThan(size.width / 2)
    const { path, label } = wayOf(laid.middleOf('a'), laid.middleOf('c'), way.bends, way.at)
    expect(path).toContain(`${beside.x} `)
    expect(Math.abs(label.x - laid.middleOf('b').x)).toBeGreaterThan(size.width / 2)
  })

  it('are straight between steps that stand below each other', () => {
    expect(wayOf({ x: 5, y: 0 }, { x: 5, y: 40 }, [{ x: 5, y: 20 }], null)).toEqual({
      path: 'M 5 0 L 5 20 Q 5 20 5 20 L 5 20 Q 5 20 5 20 L 5 40',
      label: { x: 5, y: 20 },
    })
  })

  it('keep two edges between the same steps apart', () => {
    const twice = [edges[0]!, { ...edges[0]!, id: 'e4' }]
    const laid = layOutWays({ nodes, edges: twice }, size)
    expect(laid.bendsOf(twice[0]!).bends[0]!.x).not.toBe(laid.bendsOf(twice[1]!).bends[0]!.x)
  })
})
