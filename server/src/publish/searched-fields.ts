import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { fieldTypeOf } from '@channelwright/runtime/fields/index.ts'

/**
 * Fields of an object that some view searches and, where flows treat it, the one that names its records, by which cases
 * are looked for; as far as they are texts: each has an index for it. Keys.
 */
export function searchedFields(release: Release, object: string): ReadonlySet<string> {
  const properties = release.objects.get(object)?.schema.properties as
    | Readonly<Record<string, FieldDefinition>>
    | undefined
  const keys = [...release.views.values()].flatMap((view) =>
    view.object === object && Array.isArray(view.search) ? (view.search as string[]) : [],
  )
  const display = release.objects.get(object)?.display
  if (display !== undefined && [...release.flows.values()].some((flow) => flow.object === object))
    keys.push(display)
  return new Set(
    keys.filter((key) => {
      const field = properties && Object.hasOwn(properties, key) ? properties[key] : undefined
      return field && fieldTypeOf(field).column(field)?.sql === 'text'
    }),
  )
}

/** A text's grams as SQL; `schema` is quoted. `workspace-tables/040_search.sql` says what they are. */
export function gramsSql(schema: string, text: string): string {
  return `${schema}.cw_grams(${text})`
}
