import type { Diagnostic } from '../../definition/diagnostic.ts'
import { isJsonObject } from '../../json.ts'
import { type TypedRule, walkNodes } from '../ir.ts'
import { analyseConditions } from './analyse-condition.ts'
import { analyseTable, type TableFinding } from './analyse-table.ts'
import { analyseTiers } from './analyse-tiers.ts'

/** What is most likely not meant in a sound rule; warnings all. Bounded in time whatever the rule. */
export function analyseRule(rule: TypedRule): (Diagnostic | TableFinding)[] {
  const found: (Diagnostic | TableFinding)[] = [...analyseConditions(rule.root)]
  for (const node of walkNodes(rule.root)) {
    if (node.kind !== 'call') continue
    if (node.operator.name === 'tiers') found.push(...analyseTiers(node))
    if (node.operator.name !== 'table') continue
    const lone = isJsonObject(node.raw) && !Array.isArray(node.raw.table)
    found.push(...analyseTable(node, `${node.path}/table${lone ? '' : '/0'}`))
  }
  return found
}
