import { isJsonObject } from '../json.ts'
import type { RuleType } from '../logic/types.ts'

/** The rule type of plain JSON Schema; undefined for what rules cannot hold. */
export function schemaRuleType(schema: Readonly<Record<string, unknown>>): RuleType | undefined {
  switch (schema.type) {
    case 'boolean':
      return { t: 'bool', nullable: false }
    case 'integer':
      return { t: 'int', nullable: false }
    case 'string':
      if (schema.format === 'decimal') {
        return {
          t: 'dec',
          nullable: false,
          scale: typeof schema['x-scale'] === 'number' ? schema['x-scale'] : 2,
        }
      }
      if (schema.format === 'date') return { t: 'date', nullable: false }
      if (schema.format === 'date-time') return { t: 'instant', nullable: false }
      return {
        t: 'str',
        nullable: false,
        ...(Array.isArray(schema.enum) ? { enum: schema.enum.map(String) } : {}),
      }
    case 'array': {
      const of = isJsonObject(schema.items) ? schemaRuleType(schema.items) : undefined
      return of && { t: 'list', nullable: false, of }
    }
    case 'object': {
      const fields = new Map<string, RuleType>()
      for (const [key, each] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
        const type = isJsonObject(each) ? schemaRuleType(each) : undefined
        if (type) fields.set(key, type)
      }
      return { t: 'obj', nullable: false, fields }
    }
    default:
      return undefined
  }
}
