import Type from 'typebox'
import type { MemberRow } from '../auth/members.ts'
import { nullable } from './shapes.ts'

export const Roles = Type.Array(Type.String({ maxLength: 63 }), { maxItems: 50, uniqueItems: true })
export const Partner = nullable(Type.String({ format: 'uuid' }))

export const MemberShape = Type.Object({
  id: Type.String({ format: 'uuid' }),
  user: Type.String({ format: 'uuid' }),
  name: Type.String(),
  email: Type.String(),
  roles: Type.Array(Type.String()),
  partner: Partner,
  status: Type.Enum(['active', 'inactive']),
})

export const InvitationShape = Type.Object({
  id: Type.String({ format: 'uuid' }),
  email: Type.String(),
  name: nullable(Type.String()),
  roles: Type.Array(Type.String()),
  partner: Partner,
  expires_at: Type.String({ format: 'date-time' }),
  status: Type.Enum(['open', 'accepted', 'expired', 'revoked']),
})

/** Where the next page begins, opaque to the caller. */
export function encodeCursor({ name, id }: Pick<MemberRow, 'name' | 'id'>): string {
  return Buffer.from(JSON.stringify([name, id])).toString('base64url')
}

/** Undefined for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): { name: string; id: string } | undefined {
  try {
    const [name, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    return typeof name === 'string' && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)
      ? { name, id }
      : undefined
  } catch {
    return undefined
  }
}
