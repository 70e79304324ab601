import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import { describe, expect, it } from 'vitest'
import { tinyPack } from '../../../tests/support/tiny-pack.ts'
import { explainAccess } from './explain-access.ts'

const { release } = buildRelease(tinyPack())

describe('why somebody may see something', () => {
  it('is answered by the grants that say so', () => {
    const reasons = explainAccess(release!, ['clerk', 'seller'], 'order', 'code')
    expect(reasons.map((r) => [r.grant, r.action])).toEqual([
      ['clerk', 'read'],
      ['seller', 'read'],
      ['seller', 'create'],
    ])
    expect(reasons[0]!.words.en).toBe('"Clerk" says: role clerk may read every "Order", with the field code.')
    expect(reasons[1]!.words.en).toContain('some "Order"')
  })

  it('is answered by nothing where no grant says so', () => {
    expect(explainAccess(release!, ['seller'], 'org', 'secret')).toEqual([])
    expect(explainAccess(release!, ['nobody'], 'org')).toEqual([])
  })
})
