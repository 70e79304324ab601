import type { GrantDefinition } from '@channelwright/runtime/definition/grant.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { publishRuleNotSql } from '@channelwright/runtime/errors/publishing.ts'
import { fieldTypeOf } from '@channelwright/runtime/fields/index.ts'
import { compileRecordRule } from '../publish/compile-condition.ts'
import { lineColumns, platformColumns } from '../publish/physical-names.ts'
import { quoteName, quoteTable } from '../publish/quote.ts'
import { type RuleTables, resolveRecordSql } from '../publish/resolve-sql.ts'
import type { TableShape } from '../publish/shape-tables.ts'
import { fitName, roleNameOf, shortHash, trashRoleOf } from './pg-role.ts'

export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'

/** One right on columns of a table; DELETE has none. */
export interface ColumnRight {
  readonly table: string
  readonly role: string
  readonly privilege: Privilege
  readonly columns: readonly string[]
}

export interface Policy {
  readonly table: string
  /** Says which grant it comes from, and carries a hash of all that it says: equal names are equal policies. */
  readonly name: string
  readonly role: string
  readonly command: Privilege
  readonly using: string | null
  readonly check: string | null
}

export interface CompiledAccess {
  readonly rights: readonly ColumnRight[]
  readonly policies: readonly Policy[]
}

interface Context {
  readonly installation: string
  readonly workspace: string
  readonly schema: string
  readonly release: Release
  readonly shapes: readonly TableShape[]
  readonly tables: RuleTables
  readonly rights: ColumnRight[]
  readonly policies: Policy[]
  /** Which records the rules of an object look into, through references and lookups. */
  readonly looks: Look[]
}

interface Look {
  readonly from: string
  readonly into: string
  readonly action: string
  readonly where: string
}

/**
 * What the grants of a release mean to Postgres. Each grant gives its role a policy of its own, so that no policy
 * asks who is there; a role's policies add up, and `true` folds the others away. Throws PUBLISH_RULE_NOT_SQL.
 */
export function compileGrants(
  at: { readonly installation: string; readonly workspace: string; readonly schema: string },
  release: Release,
  shapes: readonly TableShape[],
): CompiledAccess {
  const own = new Map(shapes.filter((s) => !s.lines).map((s) => [s.objectKey, s]))
  const tables: RuleTables = {
    schema: at.schema,
    set: release,
    table: (object) => own.get(object)?.table,
    column: (object, field) => own.get(object)?.columns.find((c) => c.key === field)?.column,
  }
  const context: Context = { ...at, release, shapes, tables, rights: [], policies: [], looks: [] }
  for (const grant of release.grants.values()) {
    for (const [key, access] of Object.entries(grant.objects ?? {})) {
      const object = release.objects.get(key)
      const shape = own.get(key)
      if (object && shape) compileObjectGrant(context, grant, object, shape, access)
    }
    for (const key of grant.forms ?? []) openFormFields(context, grant, key, own)
  }
  refuseCircles(context, own)
  return { rights: context.rights, policies: context.policies }
}

/**
 * Postgres applies the policies of what a policy looks into, and gives every query up that comes back to where it
 * began. Whoever holds several roles has the policies of all, so that those of all grants count.
 */
function refuseCircles({ looks, policies }: Context, shapes: ReadonlyMap<string, TableShape>): void {
  const reading = (object: string) =>
    policies.some(
      ({ table, command, using }) =>
        table === shapes.get(object)?.table && command === 'SELECT' && /\bSELECT\b/.test(using ?? ''),
    )
  const reaches = (from: string, to: string, passed: Set<string>): boolean => {
    if (from === to) return true
    if (passed.has(from)) return false
    passed.add(from)
    return looks.some(
      (look) => look.from === from && look.action === 'read' && reaches(look.into, to, passed),
    )
  }
  for (const { from, into, where } of looks)
    if (reaches(into, from, new Set()) && reading(from))
      throw new Refusal(publishRuleNotSql, {
        where,
        detail: `it looks into ${into}, and who may see that hangs on ${from} again`,
      })
}

type ObjectAccess = NonNullable<GrantDefinition['objects']>[string]

function compileObjectGrant(
  context: Context,
  grant: GrantDefinition,
  object: ObjectDefinition,
  shape: TableShape,
  access: ObjectAccess,
): void {
  const role = roleNameOf(context.installation, context.workspace, grant.role)
  const rule = (rows: unknown, action: string, alias = '') =>
    compileRows(context, grant, object, rows, action, alias)
  const add = (
    to: string,
    privilege: Privilege,
    columns: readonly string[],
    using: string | null,
    check: string | null,
    suffix = '',
  ) => {
    context.rights.push({ table: shape.table, role: to, privilege, columns })
    context.policies.push(makePolicy(shape.table, to, grant.key + suffix, privilege, using, check))
  }
  if (access.read) {
    const rows = rule(access.read.rows, 'read')
    const columns = [...platformColumns, ...columnsOf(object, shape, access.read.fields)]
    add(role, 'SELECT', columns, and('deleted_at IS NULL', rows), null)
  }
  if (access.create) {
    const rows = rule(access.create.rows, 'create')
    const columns = [
      ...insertColumns,
      ...columnsOf(object, shape, [...access.create.fields, ...platformWritten(object, true)]),
    ]
    add(role, 'INSERT', columns, null, and('deleted_at IS NULL', rows))
  }
  if (access.update) {
    const rows = rule(access.update.rows, 'update')
    // The rule says which records may be changed. What becomes of them must stay among those the role reads: a rule
    // such as "while it is a draft" must not forbid handing the draft in.
    const after = access.read ? rule(access.read.rows, 'read') : rows
    const columns = [
      ...updateColumns,
      ...columnsOf(object, shape, [...access.update.fields, ...platformWritten(object, false)]),
    ]
    add(role, 'UPDATE', columns, rows, after)
  }
  if (access.delete) {
    // The bin's role sees what may be deleted, deleted or not, and may write the mark alone.
    const rows = rule(access.delete.rows, 'delete')
    const seen = access.read ? columnsOf(object, shape, access.read.fields) : []
    add(trashRoleOf(role), 'SELECT', [...platformColumns, ...seen], rows, null, '.bin')
    add(trashRoleOf(role), 'UPDATE', [...updateColumns, 'deleted_at'], rows, rows, '.bin')
  }
  compileLines(context, grant, shape, access, role, rule)
}

/**
 * What a form fills when it is submitted is the form's to write, whatever the writer may read or write by themselves:
 * the server takes these fields from the form alone. Columns only; on which rows, the grants of the object say.
 */
function openFormFields(
  { installation, workspace, release, rights }: Context,
  grant: GrantDefinition,
  key: string,
  shapes: ReadonlyMap<string, TableShape>,
): void {
  const form = release.forms.get(key)
  const object = form && release.objects.get(form.object)
  const shape = form && shapes.get(form.object)
  // The form of a task is written by the engine.
  if (!object || !shape || form.purpose === 'task') return
  const columns = columnsOf(object, shape, Object.keys(form.submit?.set ?? {}))
  if (columns.length === 0) return
  const role = roleNameOf(installation, workspace, grant.role)
  rights.push({ table: shape.table, role, privilege: 'INSERT', columns })
  if (form.purpose === 'edit') rights.push({ table: shape.table, role, privilege: 'UPDATE', columns })
}

const insertColumns = ['id', 'rev', 'release', 'created_at', 'created_by', 'updated_at', 'updated_by']
const updateColumns = ['rev', 'release', 'updated_at', 'updated_by']

/** Rows of a lines field follow their record: seen with it, written by who may write the field on it. */
function compileLines(
  context: Context,
  grant: GrantDefinition,
  shape: TableShape,
  access: ObjectAccess,
  role: string,
  rule: (rows: unknown, action: string, alias: string) => string,
): void {
  for (const child of context.shapes) {
    if (child.object !== shape.object || !child.lines) continue
    const has = (fields: readonly string[] | undefined) =>
      fields?.includes('*') || fields?.includes(child.linesKey)
    const columns = [...lineColumns, ...child.columns.map((c) => c.column)]
    const parent = (condition: string) =>
      `EXISTS (SELECT 1 FROM ${quoteTable(context.schema, shape.table)} p WHERE ${and(`p.id = ${quoteName(child.table)}.record_id`, condition)})`
    const add = (
      privilege: Privilege,
      using: string | null,
      check: string | null,
      suffix: string,
      to = role,
    ) => {
      context.rights.push({
        table: child.table,
        role: to,
        privilege,
        columns: privilege === 'DELETE' ? [] : columns,
      })
      context.policies.push(makePolicy(child.table, to, grant.key + suffix, privilege, using, check))
    }
    if (access.read && has(access.read.fields)) {
      // The sub-select is under the reader's own policies: a hidden or deleted record hides its lines.
      add('SELECT', parent('true'), null, '.read')
      if (access.delete) add('SELECT', parent('true'), null, '.bin', trashRoleOf(role))
    }
    if (access.create && has(access.create.fields))
      add('INSERT', null, parent(and('p.rev = 1', rule(access.create.rows, 'create', 'p'))), '.create')
    if (access.update && has(access.update.fields)) {
      const may = parent(rule(access.update.rows, 'update', 'p'))
      add('INSERT', null, may, '.update')
      add('UPDATE', may, may, '.update')
      add('DELETE', may, null, '.update')
    }
  }
}

/** Columns of the named fields; `*` is all of them. */
function columnsOf(object: ObjectDefinition, shape: TableShape, fields: readonly string[]): string[] {
  const all = fields.includes('*')
  const named = new Set(fields)
  return shape.columns
    .filter((c) => (all || named.has(c.key)) && object.schema.properties[c.key])
    .map((c) => c.column)
}

/** What the platform writes on behalf of whoever writes the record: nobody enters it, nobody needs it granted. */
function platformWritten(object: ObjectDefinition, isCreate: boolean): string[] {
  const written = Object.keys(object.computed ?? {})
  for (const [key, field] of Object.entries(object.schema.properties) as [string, FieldDefinition][]) {
    if (field.readOnly === true || fieldTypeOf(field).generated) written.push(key)
    if (isCreate && field.default !== undefined) written.push(key)
  }
  if (isCreate && object.lifecycle) written.push(object.lifecycle.field)
  return written
}

function compileRows(
  context: Context,
  grant: GrantDefinition,
  object: ObjectDefinition,
  rows: unknown,
  action: string,
  alias: string,
): string {
  if (rows === true) return 'true'
  const where = `grant ${grant.key}: ${object.key}, ${action}`
  const resolver = resolveRecordSql(context.tables, object, alias, true)
  const schema = quoteName(context.tables.schema)
  const { sql, reads, lookups } = compileRecordRule(context.release, object, rows, resolver, where, schema)
  const look = (into: string) => context.looks.push({ from: object.key, into, action, where })
  for (const path of reads) refuseUnreadable(context, grant, object, path, where, look)
  for (const use of lookups) {
    look(use.object)
    const target = context.release.objects.get(use.object)
    for (const field of target ? [...use.keys, use.field] : [])
      refuseHidden(context, grant, target!, field, `lookup of ${use.object}`, where)
  }
  return sql
}

/** Postgres reads a policy's sub-selects with the reader's own rights: it would refuse every list. */
function refuseUnreadable(
  context: Context,
  grant: GrantDefinition,
  object: ObjectDefinition,
  path: string,
  where: string,
  look: (into: string) => void,
): void {
  const [first, ...rest] = path.split('.')
  if (!first || first.startsWith('$') || rest.length === 0) return
  const field = object.schema.properties[first] as FieldDefinition | undefined
  const target =
    typeof field?.['x-object'] === 'string' ? context.release.objects.get(field['x-object']) : undefined
  if (!target) return
  refuseHidden(context, grant, target, rest[0]!, `"${path}"`, where)
  look(target.key)
  refuseUnreadable(context, grant, target, rest.join('.'), where, look)
}

function refuseHidden(
  context: Context,
  grant: GrantDefinition,
  target: ObjectDefinition,
  field: string,
  by: string,
  where: string,
): void {
  const readable = [...context.release.grants.values()].some((other) => {
    const fields = other.role === grant.role ? other.objects?.[target.key]?.read?.fields : undefined
    return fields?.some((key) => key === '*' || key === field) || (fields && !target.schema.properties[field])
  })
  if (!readable)
    throw new Refusal(publishRuleNotSql, {
      where,
      detail: `role "${grant.role}" may not read "${field}" of ${target.key}, which ${by} goes through`,
    })
}

function and(...conditions: readonly string[]): string {
  const real = conditions.filter((c) => c !== 'true')
  if (real.length === 0) return 'true'
  return real.length === 1 ? real[0]! : real.map((c) => `(${c})`).join(' AND ')
}

function makePolicy(
  table: string,
  role: string,
  source: string,
  command: Privilege,
  using: string | null,
  check: string | null,
): Policy {
  const hash = shortHash(JSON.stringify([role, command, using, check])).slice(0, 10)
  return { table, name: fitName(`${source}.${command.toLowerCase()}.${hash}`), role, command, using, check }
}
