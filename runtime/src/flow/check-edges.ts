import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowEdge } from '../definition/flow.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import type { Json } from '../json.ts'
import { analyseRule } from '../logic/analysis/analyse-rule.ts'
import { checkRule } from '../logic/check.ts'
import type { RuleScope } from '../logic/types.ts'
import { findNodeType } from '../nodes/index.ts'

const bool = { t: 'bool', nullable: false } as const

/** The rules on edges: where they may stand, that they are conditions, and which of them can never be the one taken. */
export function checkEdges(flow: FlowDefinition, scope: RuleScope): Diagnostic[] {
  const types = new Map(flow.nodes.map((node) => [node['x-id'], findNodeType(node.type)]))
  const found: Diagnostic[] = []
  const sound = new Map<string, Placed[]>()
  const defaults = new Map<string, Placed>()
  for (const [index, edge] of flow.edges.entries()) {
    const type = types.get(edge.from)
    if (type === undefined) continue
    const path = `/edges/${index}`
    const conditional = type.conditional === true
    found.push(...checkPlace(edge, conditional, path))
    if (!conditional) continue
    if (edge.default === true && edge.when === undefined)
      defaults.set(edge.from, { when: true, order: '', path: `${path}/default` })
    if (edge.when === undefined) continue
    const { rule, diagnostics } = checkRule(edge.when as Json, scope, { expect: bool, path: `${path}/when` })
    found.push(...diagnostics)
    if (rule === null) continue
    const kept = sound.get(edge.from) ?? []
    kept.push({ when: edge.when as Json, order: edge['x-order'] ?? '', path: `${path}/when` })
    sound.set(edge.from, kept)
  }
  for (const [node, edges] of sound) {
    // The default is tried last, whichever way the others are: it holds where none of them does.
    const last = defaults.get(node)
    const whole = analyseChain([...edges.sort(compareOrder), ...(last ? [last] : [])], scope)
    found.push(
      ...(types.get(node)?.splits === 'or'
        ? [
            ...edges.flatMap((edge) => analyseChain([edge], scope)),
            ...whole.filter(({ path }) => path === last?.path),
          ]
        : whole),
    )
  }
  return found
}

interface Placed {
  readonly when: Json
  readonly order: string
  readonly path: string
}

function compareOrder({ order: left }: Placed, { order: right }: Placed): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * Edges that are tried one after another are the tests of one `if`: what proves its branches unreachable proves that
 * an edge is never taken.
 */
function analyseChain(chain: readonly Placed[], scope: RuleScope): Diagnostic[] {
  const tests = chain.flatMap(({ when }, at) => [when, at])
  const { rule } = checkRule({ if: [...tests, chain.length] }, scope)
  if (rule === null) return []
  return analyseRule(rule).flatMap((diagnostic): Diagnostic[] => {
    const [, head, at, ...rest] = diagnostic.path.split('/')
    const placed = head === 'if' ? chain[Math.floor(Number(at) / 2)] : undefined
    if (placed === undefined) return []
    if (placed.path.endsWith('/default'))
      return [diagnose(errors.flowDefaultNever, placed.path, {}, { severity: 'warning' })]
    // A fix that was made for the chain does not fit the edge.
    const { fix: _fix, ...told } = diagnostic
    return [{ ...told, severity: 'warning', path: [placed.path, ...rest].join('/') }]
  })
}

function checkPlace(edge: FlowEdge, conditional: boolean, pointer: string): Diagnostic[] {
  const complain = (en: string, zh: string, part: string) => [
    diagnose(errors.flowEdgeCondition, `${pointer}/${part}`, { problem: { en, zh } }),
  ]
  if (!conditional) {
    if (edge.when !== undefined)
      return complain('Only edges of a condition carry a rule.', '只有条件节点的连线可以带规则。', 'when')
    if (edge.default === true)
      return complain(
        'Only edges of a condition can be the default.',
        '只有条件节点的连线可以设为默认。',
        'default',
      )
    return []
  }
  if (edge.default === true && edge.when !== undefined)
    return complain('The default edge carries no rule.', '默认连线不带规则。', 'when')
  if (edge.default !== true && edge.when === undefined)
    return complain('This edge needs a rule.', '该连线缺少规则。', 'when')
  return []
}
