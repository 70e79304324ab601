import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { useComputedColorScheme } from '@mantine/core'
import { Background, Controls, Handle, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { type DiagramNode, layOutFlow } from './lay-out-flow.ts'
import '@xyflow/react/dist/style.css'

/** A flow as a picture; laid out by itself, read only. */
export function FlowDiagram({ flow, locale }: { flow: FlowDefinition; locale: Locale }) {
  const scheme = useComputedColorScheme('light')
  const { nodes, edges } = useMemo(() => layOutFlow(flow, locale), [flow, locale])
  return (
    <div className="cw-flow-diagram">
      <ReactFlow
        key={flow['x-id']}
        nodes={nodes}
        edges={edges}
        nodeTypes={faces}
        nodesDraggable={false}
        nodesConnectable={false}
        fitView
        fitViewOptions={{ maxZoom: 1 }}
        proOptions={{ hideAttribution: false }}
        colorMode={scheme}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

const Step = memo(function Step({ data }: NodeProps<DiagramNode>) {
  return (
    <div className="cw-flow-step" data-type={data.type}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="cw-flow-step-title">{data.title}</span>
      <span className="cw-flow-step-type">{data.type}</span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
})

// Outside the component, so that React Flow does not remount every node on each render.
const faces = { step: Step }
