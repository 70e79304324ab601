import { inUnit } from '@channelwright/server/db/unit.ts'
import { drainJobs, nextJobAt } from '@channelwright/server/jobs/drain-jobs.ts'
import { enqueueJob, enqueueJobNow } from '@channelwright/server/jobs/enqueue.ts'
import { jobs } from '@channelwright/server/jobs/index.ts'
import { defineJob } from '@channelwright/server/jobs/job.ts'
import { runEnvelope } from '@channelwright/server/jobs/run-envelope.ts'
import { runPlanJob } from '@channelwright/server/jobs/run-plan.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { openTestServices, type TestServices } from '../support/services.ts'

let opened: TestServices
let deals: DealWorkspace
let actor: Awaited<ReturnType<DealWorkspace['actor']>>

beforeAll(async () => {
  opened = await openTestServices()
  deals = await createDealWorkspace(opened.services, 'jobs')
  const member = await deals.join({ name: 'Sam Sales', roles: ['partner_sales'] })
  actor = await deals.actor({ ...member, roles: ['partner_sales'] })
}, 120_000)

afterAll(() => opened?.close())

beforeEach(() => opened.services.owner.query('DELETE FROM channelwright_jobs._private_jobs'))

const payload = { plan: 'none', earner: '00000000-0000-7000-8000-000000000001' }

async function waiting(): Promise<number> {
  const { rows } = await opened.services.owner.query<{ n: number }>(
    'SELECT count(*)::integer AS n FROM channelwright_jobs._private_jobs',
  )
  return rows[0]!.n
}

test('every job has a name of its own and a payload', () => {
  expect(new Set(jobs.map((job) => job.name)).size).toBe(jobs.length)
})

describe('enqueueing', () => {
  test('a job exists if and only if the transaction commits', async () => {
    const { services } = opened
    await inUnit(services, deals.served, actor, async (unit) => enqueueJob(unit, runPlanJob, payload))
    expect(await waiting()).toBe(1)
    const failing = inUnit(services, deals.served, actor, async (unit) => {
      enqueueJob(unit, runPlanJob, payload)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await waiting()).toBe(1)
  })

  test('people have no way to enqueue by themselves', async () => {
    const trying = inUnit(opened.services, deals.served, actor, (unit) =>
      unit.query(`SELECT channelwright.order_jobs('[]')`),
    )
    await expect(trying).rejects.toMatchObject({ code: '42501' })
  })

  test('many with one key are one run; keys of different workspaces do not meet', async () => {
    const { services } = opened
    for (let i = 0; i < 5; i++) await enqueueJobNow(services, 'jobs', runPlanJob, payload, { key: 'k' })
    await enqueueJobNow(services, 'other', runPlanJob, payload, { key: 'k' })
    expect(await waiting()).toBe(2)
  })
})

describe('under a clock that does not follow real time', () => {
  test('a job waits for that clock, and jobs run in the order of their times', async () => {
    const { services, clock } = opened
    const later = new Date(Date.parse(clock.now()) + 3_600_000).toISOString()
    await enqueueJobNow(services, 'jobs', runPlanJob, payload, { runAt: later })
    expect(await drainJobs(services, 'jobs')).toBe(0)
    expect(await nextJobAt(services, 'jobs')).toBe(later)
    clock.advance({ hours: 1 })
    // The plan does not exist: the job tries as often as it may and leaves the queue.
    await drainJobs(services, 'jobs')
    expect(await waiting()).toBe(0)
  })

  test('jobs of other workspaces are left alone', async () => {
    await enqueueJobNow(opened.services, 'other', runPlanJob, payload)
    expect(await drainJobs(opened.services, 'jobs')).toBe(0)
    expect(await waiting()).toBe(1)
  })
})

describe('one delivery', () => {
  const tries: string[] = []
  const failing = defineJob({
    name: 'failing',
    title: { en: 'fail', zh: '失败' },
    payload: runPlanJob.payload,
    maxAttempts: 2,
    async run() {
      tries.push('run')
      throw new Error('no')
    },
    async exhausted(_context, given, error) {
      tries.push(`exhausted ${given.plan} ${(error as Error).message}`)
    },
  })
  const signal = new AbortController().signal
  const deliver = (attempt: number, envelope: unknown) =>
    runEnvelope(opened.services, failing, envelope, { attempt, signal })

  test('fails while tries are left, then tells those who must know', async () => {
    const envelope = { workspace: 'jobs', payload }
    await expect(deliver(1, envelope)).rejects.toThrow('no')
    await deliver(2, envelope)
    expect(tries).toEqual(['run', 'run', 'exhausted none no'])
  })

  test('work of a workspace that is gone is dropped', async () => {
    tries.length = 0
    await deliver(1, { workspace: 'gone', payload })
    expect(tries).toEqual([])
  })
})
