import type { RuleType } from '../logic/types.ts'

/** The same type, with or without null. */
export function withNull(type: RuleType, nullable: boolean): RuleType {
  return type.t === 'null' || type.nullable === nullable ? type : ({ ...type, nullable } as RuleType)
}
