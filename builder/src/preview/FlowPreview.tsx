import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { useComputedColorScheme } from '@mantine/core'
import { Background, Controls, Handle, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import { type DiagramNode, layOutFlow } from './lay-out-flow.ts'
import type { PreviewProps } from './previews.ts'
import '@xyflow/react/dist/style.css'

/** A flow as a picture; laid out by itself, read only. */
export function FlowPreview({ definition }: PreviewProps) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const scheme = useComputedColorScheme('light')
  const flow = definition as unknown as FlowDefinition
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
        ariaLabelConfig={{
          'controls.ariaLabel': t('diagramControls'),
          'controls.zoomIn.ariaLabel': t('zoomIn'),
          'controls.zoomOut.ariaLabel': t('zoomOut'),
          'controls.fitView.ariaLabel': t('fitView'),
        }}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

const Step = memo(function Step({ data }: NodeProps<DiagramNode>) {
  return (
    <div className="cw-flow-step" data-place={data.place}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="cw-flow-step-title" title={data.title}>
        {data.title}
      </span>
      {data.note !== data.title && <span className="cw-flow-step-type">{data.note}</span>}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
})

// Outside the component, so that React Flow does not remount every node on each render.
const faces = { step: Step }
