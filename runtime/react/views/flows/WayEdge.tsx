import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { type Point, wayOf } from './edge-way.ts'

export type WayEdgeType = Edge<{ bends: readonly Point[]; at: Point | null }, 'way'>

/** An edge that goes round the steps between its ends, with its label where the layout kept room for one. */
export const WayEdge = memo(function WayEdge(edge: EdgeProps<WayEdgeType>) {
  const { path, label } = wayOf(
    { x: edge.sourceX, y: edge.sourceY },
    { x: edge.targetX, y: edge.targetY },
    edge.data?.bends ?? [],
    edge.data?.at ?? null,
  )
  return (
    <BaseEdge
      path={path}
      label={edge.label}
      labelX={label.x}
      labelY={label.y}
      labelBgPadding={[4, 2]}
      labelBgBorderRadius={3}
    />
  )
})

// Outside the components that draw, so that React Flow does not remount every edge on each render.
export const edgeFaces = { way: WayEdge }
