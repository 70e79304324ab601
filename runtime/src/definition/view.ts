import { checkView } from './check-view.ts'
import { defineKind } from './kind.ts'
import { type ViewDefinition, ViewSchema } from './view-schema.ts'

export { type ViewDefinition, ViewSchema } from './view-schema.ts'

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly views: ReadonlyMap<string, ViewDefinition>
  }
}

export const viewKind = defineKind({
  name: 'view',
  format: 1,
  title: { en: 'View', zh: '视图' },
  folder: 'views',
  schema: ViewSchema,
  begin: () => ({ type: 'table', object: '', columns: [] }),
  migrations: [],
  check: checkView,
})
