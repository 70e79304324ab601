import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { ApiProblem } from '../api/problem.ts'
import { hasFailed } from './failed.ts'

const refusal = (status: number) =>
  new ApiProblem(status === 0 ? 'network' : 'refused', status, 'ANY', 'Refused.', 'Try again.', [], null)

/** What is asked answers with each of these in turn. */
async function ask(...answers: readonly (string | ApiProblem)[]) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const rest = [...answers]
  const observer = new QueryObserver(client, {
    queryKey: ['any'],
    queryFn: () => {
      const next = rest.shift()
      if (typeof next !== 'string') throw next
      return next
    },
  })
  let result = observer.getCurrentResult()
  for (const _ of answers) result = await observer.refetch()
  return result
}

test('what was shown stays when a later call fails, for want of a server or by its trouble', async () => {
  for (const status of [0, 409, 429, 500, 503]) {
    const query = await ask('shown', refusal(status))
    expect(query.isError).toBe(true)
    expect(hasFailed(query), String(status)).toBe(false)
    expect(query.data).toBe('shown')
  }
})

test('what was shown goes when it is gone, or no longer for this reader', async () => {
  for (const status of [403, 404]) expect(hasFailed(await ask('shown', refusal(status)))).toBe(true)
})

test('a first call that fails leaves nothing else to show, and one that comes back is well again', async () => {
  expect(hasFailed(await ask(refusal(500)))).toBe(true)
  expect(hasFailed(await ask('shown'))).toBe(false)
  expect(hasFailed(await ask(refusal(0), 'shown'))).toBe(false)
})
