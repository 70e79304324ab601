import { describe, expect, it } from 'vitest'
import { engineRoleOf, fitName, memberRoleOf, roleNameOf, roleSetNameOf, trashRoleOf } from './pg-role.ts'

describe('names of Postgres roles', () => {
  it('never spell a role of another workspace', () => {
    expect(roleNameOf('ab12cd34', 'a', 'r_x')).not.toBe(roleNameOf('ab12cd34', 'a_r', 'x'))
    expect(engineRoleOf('ab12cd34', 'a')).not.toBe(roleNameOf('ab12cd34', 'a', 'engine'))
    expect(memberRoleOf('ab12cd34', 'a')).not.toBe(roleNameOf('ab12cd34', 'a', 'member'))
    expect(trashRoleOf(roleNameOf('ab12cd34', 'a', 'x'))).not.toBe(roleNameOf('ab12cd34', 'a', 'trash'))
  })

  it('fit into what Postgres keeps, and stay apart when they are cut', () => {
    const long = 'x'.repeat(40)
    const names = [
      roleNameOf('ab12cd34', long, long),
      roleNameOf('ab12cd34', long, `${long.slice(1)}y`),
      trashRoleOf(roleNameOf('ab12cd34', long, long)),
    ]
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
    expect(new Set(names).size).toBe(3)
    expect(fitName('short')).toBe('short')
  })

  it('are the same for a set of roles in any order', () => {
    expect(roleSetNameOf('ab12cd34', 'a', ['x', 'y'])).toBe(roleSetNameOf('ab12cd34', 'a', ['y', 'x', 'y']))
  })
})
