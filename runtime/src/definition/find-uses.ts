import type { JsonObject } from '../json.ts'
import type { Text } from '../text.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { definitionKinds } from './index.ts'
import type { ObjectDefinition } from './object.ts'

/** A place that would be wrong without a field. */
export interface FieldUse {
  readonly kind: string
  readonly key: string
  readonly title: Text
  /** JSON pointer into that definition. */
  readonly path: string
  /** What its check would say. */
  readonly message: Text
}

/**
 * Where the workspace leans on fields of an object: names in forms, views and grants, and what rules read, also through
 * references. Found by the checks themselves: whatever they complain of once the field is away used it. One run of the
 * checks per field and one more; `fields` that the object does not have are used nowhere.
 */
export function findFieldUses(
  set: DefinitionSet,
  object: string,
  fields: readonly string[],
): ReadonlyMap<string, readonly FieldUse[]> {
  const whole = set.objects.get(object)
  const found = new Map<string, readonly FieldUse[]>(fields.map((field) => [field, []]))
  if (!whole) return found
  const known = fields.filter((field) => Object.hasOwn(whole.schema.properties, field))
  if (known.length === 0) return found
  const before = new Set(checkAll(set).map(({ mark }) => mark))
  for (const field of known) {
    const lacking = withObject(set, withoutField(whole, field))
    found.set(
      field,
      checkAll(lacking)
        .filter(({ mark }) => !before.has(mark))
        .map(({ use }) => use),
    )
  }
  return found
}

function checkAll(set: DefinitionSet): { mark: string; use: FieldUse }[] {
  return definitionKinds.flatMap((kind) => {
    const definitions = set[`${kind.name}s` as keyof DefinitionSet] as unknown as ReadonlyMap<
      string,
      JsonObject & { title: Text }
    >
    return [...definitions].flatMap(([key, definition]) => {
      let diagnostics: Diagnostic[] = []
      try {
        // The set holds what the kind's own schema has accepted.
        diagnostics = kind.check(definition as never, set)
      } catch {
        // A definition that its own check cannot bear is told by `buildRelease`.
      }
      return diagnostics.map(({ code, path, message }) => ({
        mark: [kind.name, key, code, path].join(' '),
        use: { kind: kind.name, key, title: definition.title, path, message },
      }))
    })
  })
}

function withoutField(object: ObjectDefinition, field: string): ObjectDefinition {
  const { [field]: _gone, ...properties } = object.schema.properties
  return { ...object, schema: { ...object.schema, properties } }
}

/** The same set with another wording of one object. A set of its own, since scopes are remembered per set. */
export function withObject(set: DefinitionSet, object: ObjectDefinition): DefinitionSet {
  return { ...set, objects: new Map([...set.objects, [object.key, object]]) }
}
