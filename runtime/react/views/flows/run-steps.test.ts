import { describe, expect, it } from 'vitest'
import { nestSteps, type RunStep } from './run-steps.ts'

const node = (id: string) => ({
  id,
  type: 'approval',
  title: { en: id, zh: id },
  state: 'waiting' as const,
  entered_at: null,
  left_at: null,
  incident: null,
})
const run = (ids: string, ...edges: string[]) => ({
  nodes: ids.split('').map(node),
  edges: edges.map((edge) => ({ id: edge, from: edge[0] ?? '', to: edge[1] ?? '', taken: false })),
})
const tell = (steps: readonly RunStep[]): string =>
  steps
    .map(({ node: { id }, ways }) =>
      ways.length === 0 ? id : `${id}(${ways.map((way) => tell(way.steps)).join('|')})`,
    )
    .join('')

describe('a run as nested lists', () => {
  it('tells steps one after another', () => {
    expect(tell(nestSteps(run('abc', 'ab', 'bc')))).toBe('abc')
  })

  it('nests the ways from a split until they meet, empty ones too', () => {
    expect(tell(nestSteps(run('abcde', 'ab', 'ac', 'bd', 'cd', 'de')))).toBe('a(b|c)de')
    expect(tell(nestSteps(run('abc', 'ab', 'ac', 'bc')))).toBe('a(b|)c')
  })

  it('nests splits within splits', () => {
    expect(tell(nestSteps(run('abcdefg', 'ab', 'ag', 'bc', 'bd', 'ce', 'de', 'ef', 'gf')))).toBe(
      'a(b(c|d)e|g)f',
    )
  })

  it('tells ends apart, and leaves out ways back', () => {
    expect(tell(nestSteps(run('abcd', 'ab', 'bc', 'bd', 'ba')))).toBe('ab(c|d)')
    expect(tell(nestSteps(run('sabcd', 'sa', 'ab', 'bc', 'bd', 'ba')))).toBe('sab(c|d)')
  })

  it('takes a thousand steps in a row', () => {
    const ids = Array.from({ length: 1000 }, (_, at) => `n${at}`)
    const steps = nestSteps({
      nodes: ids.map(node),
      edges: ids.slice(1).map((id, at) => ({ id, from: `n${at}`, to: id, taken: true })),
    })
    expect(steps.length).toBe(1000)
  })
})
