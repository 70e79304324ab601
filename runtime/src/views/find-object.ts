import type { ObjectDefinition } from '../definition/object.ts'
import type { Report } from '../definition/report.ts'
import type { ViewDefinition } from '../definition/view.ts'
import { viewWithoutObject } from '../errors/definitions.ts'

/** The object of a view that must have one; reported when it is not said or not there. */
export function findObject(view: ViewDefinition, report: Report): ObjectDefinition | undefined {
  if (view.object !== undefined) return report.find('object', view.object, '/object')
  report.add(viewWithoutObject, '', { name: view.type })
  return undefined
}
