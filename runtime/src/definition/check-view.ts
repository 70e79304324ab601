import Type, { type TObject, type TProperties } from 'typebox'
import * as errors from '../errors/definitions.ts'
import { findViewType, viewTypes } from '../views/index.ts'
import type { ViewType } from '../views/view-type.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { Report } from './report.ts'
import { checkShape } from './shape.ts'
import { type ViewDefinition, ViewSchema } from './view-schema.ts'

const shapes = new Map<string, TObject>()

/** JSON Schema of a view of that type: what every view carries and the settings of the type. */
export function viewSchemaOf(type: ViewType): TObject {
  const known = shapes.get(type.name)
  if (known) return known
  const settings = type.settings as TObject<TProperties>
  const shape = Type.Object(
    { ...ViewSchema.properties, ...settings.properties, type: Type.Literal(type.name) },
    { additionalProperties: false, title: type.title.en },
  )
  shapes.set(type.name, shape)
  return shape
}

/** The type exists, its settings have their shape, and what they name is there. */
export function checkView(view: ViewDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  if (
    !report.oneOf(
      errors.viewTypeUnknown,
      '/type',
      view.type,
      viewTypes.map((type) => type.name),
    )
  ) {
    return report.diagnostics
  }
  const type = findViewType(view.type)!
  const wrong = checkShape(viewSchemaOf(type), view)
  return wrong.length > 0 ? wrong : type.check(view, set)
}
