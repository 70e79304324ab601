import { expect, it } from 'vitest'
import { CaseFailure } from './case-failure.ts'
import { readCase } from './run-cases.ts'

const sound = {
  kind: 'case/1',
  key: 'one',
  'x-id': 'cs_one',
  title: { en: 'One', zh: '一' },
  clock: '2026-03-02T09:00:00+08:00',
  timeZone: 'Asia/Shanghai',
  given: { users: {} },
  steps: [{ wait: 'P1D' }],
}

function problemOf(changes: object): CaseFailure {
  try {
    readCase(JSON.stringify({ ...sound, ...changes }))
  } catch (error) {
    if (error instanceof CaseFailure) return error
    throw error
  }
  throw new Error('the case was accepted')
}

it('takes a sound case', () => {
  expect(readCase(JSON.stringify(sound)).key).toBe('one')
})

it('says where a case is malformed, in both languages', () => {
  const failure = problemOf({ steps: [{ wait: 'tomorrow' }] })
  expect(failure.pointer).toBe('/steps/0/wait')
  expect(failure.text.zh).toContain('/steps/0/wait')
})

it('refuses steps that do two things, or nothing', () => {
  expect(problemOf({ steps: [{ wait: 'P1D', clock: '2026-03-02T09:00:00Z' }] }).text.en).toContain(
    'wait, clock',
  )
  expect(problemOf({ steps: [{ note: 'nothing' }] }).pointer).toBe('/steps/0')
})

it('refuses JSON that is none', () => {
  expect(() => readCase('{')).toThrow('not valid JSON')
})
