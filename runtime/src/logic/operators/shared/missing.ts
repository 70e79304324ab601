import { ruleLiteral, ruleUnknownPath } from '../../../errors/logic.ts'
import { suggest } from '../../../fields/suggest.ts'
import type { Json } from '../../../json.ts'
import type { IrNode } from '../../ir.ts'
import { literalNode } from '../../literal.ts'
import type { EvaluateCall, ParseCall, SqlCall, SqlPiece } from '../../operator.ts'
import { resolvePath } from '../../scope.ts'
import { sqlLiteral } from '../../sql-literal.ts'
import type { RuleType } from '../../types.ts'
import type { Frame, RuleValue } from '../../value.ts'

/** A list of those of the paths that have no value. */
export function namesType(paths: readonly string[]): RuleType {
  return { t: 'list', nullable: false, of: { t: 'str', nullable: false, enum: [...paths] } }
}

/**
 * The values at the paths, each read as one that may be empty. A path that leads nowhere is always missing, which is a
 * warning: most such paths are typing errors.
 */
export function readPaths(call: ParseCall, paths: readonly string[], at: string): IrNode[] {
  return paths.map((path, i) => {
    const found = resolvePath(path, call.sight)
    if ('type' in found) {
      const node: IrNode = { kind: 'var', name: path, path: call.path, raw: { var: path }, ...found }
      return { ...node, type: { ...found.type, nullable: true } as RuleType }
    }
    const { near, known } = suggest(found.failed, found.names)
    call.report(
      ruleUnknownPath,
      `${at}/${i}`,
      {
        path: path.slice(0, 80),
        suggestion: near ? `Did you mean "${near}"?` : `There is: ${known}`,
        suggestion_zh: near ? `是否指"${near}"?` : `可用的有:${known}`,
      },
      { severity: 'warning' },
    )
    return literalNode(null, null, call.path)
  })
}

/** The paths that an operand writes out, or can give: texts whose choices are all known. Null after a report. */
export function pathsOf(call: ParseCall, node: IrNode, at: string): readonly string[] | null {
  const of = node.type.t === 'list' ? node.type.of : node.type
  if (of.t === 'str' && of.enum && !node.type.nullable && !of.nullable) return of.enum
  if (of.t === 'null' && node.type.t === 'list') return []
  call.report(ruleLiteral, at, {
    why: 'the paths that may be missing are written out as texts',
    why_zh: '可能缺少的路径须直接写成文本',
  })
  return null
}

/** Texts alone, as they are written most of the time; null where something is computed. */
export function literalPaths(operands: readonly Json[]): readonly string[] | null {
  const flat = operands.length === 1 && Array.isArray(operands[0]) ? operands[0] : operands
  return flat.every((item) => typeof item === 'string') ? (flat as readonly string[]) : null
}

/** Null and the empty text are missing; 0, no and an empty list are there. */
function isMissing(value: RuleValue): boolean {
  return value === null || value === ''
}

/** Which of the paths are missing, by the operands from `first` on. */
export function missingNames(
  call: EvaluateCall,
  paths: readonly string[],
  first: number,
): (frame: Frame) => readonly string[] {
  const values = paths.map((_, i) => call.arg(first + i))
  return (frame) => paths.filter((_, i) => isMissing(values[i]!(frame)))
}

/** The same as an array of texts. */
export function missingSql(call: SqlCall, paths: readonly string[], first: number): string {
  const parts = paths.map((path, i) => {
    const piece: SqlPiece = call.args[first + i]!
    const { type } = call.node.args[first + i]!
    const name = call.bind(path, { t: 'str', nullable: false })
    if (piece.rows) return null
    if (type.t === 'null') return name
    const empty = type.t === 'str' ? ` OR ${piece.text} = ${sqlLiteral('')}` : ''
    return `CASE WHEN ${piece.text} IS NULL${empty} THEN ${name} END`
  })
  const good = parts.filter((part) => part !== null)
  return good.length === 0 ? `'{}'::text[]` : `array_remove(ARRAY[${good.join(', ')}]::text[], NULL)`
}
