import dagre from '@dagrejs/dagre'

export interface Point {
  readonly x: number
  readonly y: number
}

interface Drawn {
  readonly nodes: readonly { readonly id: string }[]
  readonly edges: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly label?: string | undefined
  }[]
}

const radius = 8

/** Places steps and edges top-down: where each step's middle is, where each edge bends and where its label stands. */
export function layOutWays(
  { nodes, edges }: Drawn,
  size: {
    readonly width: number
    readonly height: number
    readonly nodesep: number
    readonly ranksep: number
  },
) {
  const graph = new dagre.graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: size.nodesep, ranksep: size.ranksep, edgesep: 24 })
  for (const { id } of nodes) graph.setNode(id, { width: size.width, height: size.height })
  for (const { id, from, to, label } of edges)
    graph.setEdge(
      from,
      to,
      label ? { width: labelWidth(label), height: 20, labelpos: 'c' } : { width: 0, height: 0 },
      id,
    )
  dagre.layout(graph)
  return {
    width: graph.graph().width ?? 0,
    height: graph.graph().height ?? 0,
    middleOf: (id: string): Point => graph.node(id),
    bendsOf: ({ id, from, to }: Drawn['edges'][number]): { bends: Point[]; at: Point | null } => {
      const { points, x, y } = graph.edge(from, to, id)
      return { bends: points.slice(1, -1), at: x === undefined || y === undefined ? null : { x, y } }
    },
  }
}

/** About as wide as it is drawn; Chinese characters take twice the room. */
function labelWidth(label: string): number {
  return [...label].reduce((sum, char) => sum + ((char.codePointAt(0) ?? 0) > 0x2e80 ? 11 : 6), 8)
}

/**
 * The line of an edge, in right angles with round corners. Bends come in turn between two rows and in a row: between
 * rows the line changes its column, in a row it passes beside the steps.
 */
export function wayOf(
  from: Point,
  to: Point,
  bends: readonly Point[],
  at: Point | null,
): { readonly path: string; readonly label: Point } {
  const corners: Point[] = [from]
  for (let i = 0; i < bends.length; i += 2) {
    const { y } = bends[i] as Point
    const column = bends[i + 1]?.x ?? to.x
    corners.push({ x: (corners.at(-1) as Point).x, y }, { x: column, y })
  }
  corners.push(to)
  const left = Math.min(from.x, to.x)
  const right = Math.max(from.x, to.x)
  const middle = { x: (from.x + to.x) / 2, y: bends[0]?.y ?? (from.y + to.y) / 2 }
  return {
    path: roundCorners(corners),
    // In one step the line keeps to its columns, and the label to the line.
    label:
      at === null ? middle : bends.length > 1 ? at : { x: Math.min(right, Math.max(left, at.x)), y: at.y },
  }
}

function roundCorners(corners: readonly Point[]): string {
  const [first, ...rest] = corners as [Point, ...Point[]]
  let path = `M ${first.x} ${first.y}`
  rest.forEach((corner, i) => {
    const before = corners[i] as Point
    const after = corners[i + 2]
    if (after === undefined) {
      path += ` L ${corner.x} ${corner.y}`
      return
    }
    const cut = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2)
    const [inward, outward] = [towards(corner, before, cut), towards(corner, after, cut)]
    path += ` L ${inward.x} ${inward.y} Q ${corner.x} ${corner.y} ${outward.x} ${outward.y}`
  })
  return path
}

function distance(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y)
}

function towards(from: Point, to: Point, by: number): Point {
  const far = distance(from, to)
  return far === 0
    ? from
    : { x: from.x + ((to.x - from.x) * by) / far, y: from.y + ((to.y - from.y) * by) / far }
}
