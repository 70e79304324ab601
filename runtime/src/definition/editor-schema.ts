import type { TSchema } from 'typebox'
import { fieldTypes } from '../fields/index.ts'
import type { JsonObject } from '../json.ts'
import { nodeTypes } from '../nodes/index.ts'
import { cardTypes } from '../views/home/cards/index.ts'
import { cardSchemaOf } from '../views/home/view.ts'
import { viewTypes } from '../views/index.ts'
import { fieldSchemaOf } from './check-field.ts'
import { viewSchemaOf } from './check-view.ts'
import type { DefinitionKind } from './kind.ts'

const made = new Map<string, JsonObject>()

/**
 * The meta-schema of a kind with the settings of every field type, view type, card and node type worked in, so that
 * an editor completes and explains them too. Plain JSON Schema 2020-12 and valid by itself. `$id` is for whoever
 * serves it.
 */
export function editorSchema(kind: DefinitionKind): JsonObject {
  const known = made.get(kind.name)
  if (known) return structuredCopy(known)
  const schema = plain(kind.schema)
  schema.title = kind.title.en
  schema['x-title'] = { zh: kind.title.zh }
  const extend = extensions[kind.name]
  if (extend) extend(schema)
  made.set(kind.name, schema)
  return structuredCopy(schema)
}

type Loose = { [key: string]: Loose } & JsonObject

/** What each kind holds that a list of its own describes. */
const extensions: Readonly<Record<string, (schema: JsonObject) => void>> = {
  object(schema) {
    const fields = fieldTypes.map((type) => {
      const own = withWords(plain(fieldSchemaOf(type)), type.title)
      // Columns of a table inside a record are fields again.
      const columns = (own as Loose).properties!['x-lines']?.properties?.properties
      if (columns) referToField(columns)
      return own
    })
    schema.$defs = {
      field: choose(
        'x-field',
        fieldTypes.map((type) => type.name),
        fields,
      ),
    }
    const holder = (schema as Loose).properties!.schema!.properties!.properties!
    referToField(holder)
  },
  view(schema) {
    const home = viewTypes.map((type) => {
      const own = withWords(plain(viewSchemaOf(type)), type.title)
      if (type.name !== 'home') return own
      const cards = cardTypes.map((card) => withWords(plain(cardSchemaOf(card)), card.title))
      ;(own as Loose).properties!.cards!.items = choose(
        'type',
        cardTypes.map((card) => card.name),
        cards,
      ) as never
      return own
    })
    const { properties: _properties, required: _required, additionalProperties: _more, ...rest } = schema
    for (const key of Object.keys(schema)) delete schema[key]
    Object.assign(
      schema,
      rest,
      choose(
        'type',
        viewTypes.map((type) => type.name),
        home,
      ),
    )
  },
  flow(schema) {
    const nodes = (schema as Loose).properties!.nodes!
    const head = nodes.items as Loose
    const each = nodeTypes.map((type) => {
      const settings = plain(type.settings) as Loose
      return withWords(
        {
          ...head,
          properties: {
            ...(head.properties as JsonObject),
            ...(settings.properties as JsonObject),
            type: { const: type.name },
          },
          required: [
            ...new Set([
              ...((head.required ?? []) as unknown as string[]),
              ...((settings.required ?? []) as unknown as string[]),
            ]),
          ],
          additionalProperties: false,
        } as JsonObject,
        type.title,
      )
    })
    nodes.items = choose(
      'type',
      nodeTypes.map((type) => type.name),
      each,
    ) as never
  },
}

/** Lets every member of a map of fields be the field of `$defs`. */
function referToField(map: Loose): void {
  const patterns = map.patternProperties!
  for (const pattern of Object.keys(patterns)) patterns[pattern] = { $ref: '#/$defs/field' } as never
}

/**
 * One of several shapes, told apart by a name. `if`/`then` per shape rather than `oneOf`: an editor then complains of
 * the shape that was meant, not of all of them.
 */
function choose(by: string, names: readonly string[], shapes: readonly JsonObject[]): JsonObject {
  return {
    type: 'object',
    required: [by],
    properties: { [by]: { enum: [...names] } },
    allOf: names.map((name, at) => ({
      if: { properties: { [by]: { const: name } }, required: [by] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
      then: shapes[at]!,
    })),
  }
}

function withWords(schema: JsonObject, title: { en: string; zh: string }): JsonObject {
  return { ...schema, title: title.en, 'x-title': { zh: title.zh } }
}

/** Without the marks that TypeBox keeps beside the schema. */
function plain(schema: TSchema): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject
}

function structuredCopy(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject
}
