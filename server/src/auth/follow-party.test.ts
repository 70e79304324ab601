import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../../../tests/support/deal-workspace.ts'
import { openTestServices, type TestServices } from '../../../tests/support/services.ts'

import { reservedKeys } from '../publish/reserved-keys.ts'
import { routeList } from '../routes/index.ts'

let opened: TestServices
let deals: DealWorkspace
beforeAll(async () => {
  opened = await openTestServices()
  deals = await createDealWorkspace(opened.services, 'acme')
})
afterAll(() => opened.close())

describe('organisations that move', () => {
  test('tell every server at once; other changes of organisations do not', async () => {
    const heard = vi.fn()
    const stop = opened.services.notices.on('cw_identity', heard)
    const { release } = deals.served
    const parent = release.objects.get(release.party!)!.party!.parent!
    const values = { type: 'reseller', status: 'active' }
    const top = await deals.seed(release.party!, { ...values, legal_name: 'Top' })
    // Notices come in the order of commits: had the first told anybody, it would have been heard by the end.
    expect(heard).not.toHaveBeenCalled()
    await deals.seed(release.party!, { ...values, legal_name: 'Below', [parent]: top })
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1))
    stop()
  })
})

describe('keys of workspaces', () => {
  test('are never the first word of a fixed address', () => {
    const first = routeList.flatMap(
      ({ path }) => /^\/(?:api\/v1\/)?([a-z]+)/.exec(path.replace('/api/v1/:', ''))?.[1] ?? [],
    )
    expect([...new Set(first)].filter((word) => !reservedKeys.has(word))).toEqual([])
  })
})
