import type { GrantDefinition } from '@channelwright/runtime/definition/grant.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import type { Text } from '@channelwright/runtime/text.ts'

/** One reason why a person may do something with records of an object. */
export interface AccessReason {
  readonly grant: string
  readonly role: string
  readonly action: 'read' | 'create' | 'update' | 'delete' | 'export'
  /** The rule that rows must meet; `true`: all of them. Export has none of its own. */
  readonly rows: unknown
  /** Field keys; null where the action has none. */
  readonly fields: readonly string[] | null
  readonly words: Text
}

const actions = ['read', 'create', 'update', 'delete', 'export'] as const
const verbs: Record<AccessReason['action'], Text> = {
  read: { en: 'may read', zh: '可查看' },
  create: { en: 'may create', zh: '可新建' },
  update: { en: 'may change', zh: '可修改' },
  delete: { en: 'may delete and restore', zh: '可删除与恢复' },
  export: { en: 'may export', zh: '可导出' },
}

/**
 * Why somebody with these roles may see or do what with an object, or with one of its fields: every grant that says
 * so. Empty: no grant does, so nobody with these roles may. Rights add up; the policies in Postgres come from the same
 * grants and carry their names.
 */
export function explainAccess(
  release: Release,
  roles: readonly string[],
  object: string,
  field?: string,
): AccessReason[] {
  const definition = release.objects.get(object)
  if (!definition) return []
  const all = Object.keys(definition.schema.properties)
  return roles.flatMap((role) =>
    (release.roles.get(role)?.grants ?? []).flatMap((key) => {
      const grant = release.grants.get(key)
      return grant ? reasonsOf(grant, object, definition.title, all, field) : []
    }),
  )
}

function reasonsOf(
  grant: GrantDefinition,
  object: string,
  title: Text,
  all: readonly string[],
  field: string | undefined,
): AccessReason[] {
  const access = grant.objects?.[object]
  return actions.flatMap((action) => {
    const said = access?.[action]
    if (!said) return []
    const rows = said === true ? null : said.rows
    const named = said !== true && 'fields' in said ? said.fields : null
    const fields = named && (named.includes('*') ? all : named)
    if (field !== undefined && !fields?.includes(field)) return []
    return [
      {
        grant: grant.key,
        role: grant.role,
        action,
        rows,
        fields,
        words: sayWhy(grant, action, title, rows, field),
      },
    ]
  })
}

function sayWhy(
  grant: GrantDefinition,
  action: AccessReason['action'],
  title: Text,
  rows: unknown,
  field: string | undefined,
): Text {
  const every = rows === true || rows === null
  return {
    en: `"${grant.title.en}" says: role ${grant.role} ${verbs[action].en} ${every ? 'every' : 'some'} "${title.en}"${field ? `, with the field ${field}` : ''}${every ? '' : ', where its rule holds'}.`,
    zh: `“${grant.title.zh}”规定:角色 ${grant.role} ${verbs[action].zh}${every ? '全部' : '符合规则的'}“${title.zh}”${field ? `的字段 ${field}` : ''}。`,
  }
}
