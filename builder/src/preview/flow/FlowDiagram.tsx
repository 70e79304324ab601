import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { edgeFaces } from '@channelwright/runtime/react/views/flows/WayEdge.tsx'
import { HoverCard, useComputedColorScheme } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Background, Controls, Handle, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../../hooks.ts'
import { DiagnosticList } from '../../shell/DiagnosticList.tsx'
import { type DiagramNode, layOutFlow } from './lay-out-flow.ts'
import '@xyflow/react/dist/style.css'

/** The way that a case took. */
export interface WayTaken {
  readonly nodes: ReadonlySet<string>
  readonly edges: ReadonlySet<string>
  readonly waits: ReadonlySet<string>
}

/** A flow as a picture; laid out by itself, read only. What is wrong stands at its step. */
export function FlowDiagram({
  flow,
  problems = [],
  way,
  compact = false,
}: {
  flow: FlowDefinition
  problems?: readonly Diagnostic[]
  way?: WayTaken | undefined
  /** Beside other things: it takes less room. */
  compact?: boolean
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const scheme = useComputedColorScheme('light')
  const laid = useMemo(() => layOutFlow(flow, locale), [flow, locale])
  const nodes = useMemo(
    () =>
      laid.nodes.map((node, at) => ({
        ...node,
        data: {
          ...node.data,
          problems: problems.filter(({ path }) => isAbout(flow, path, at)),
          taken:
            way === undefined
              ? null
              : way.waits.has(node.id)
                ? 'waits'
                : way.nodes.has(node.id)
                  ? 'yes'
                  : 'no',
        },
      })),
    [laid, problems, way, flow],
  )
  const edges = useMemo(
    () =>
      laid.edges.map((edge) => ({
        ...edge,
        className: way === undefined ? '' : way.edges.has(edge.id) ? 'cw-edge-taken' : 'cw-edge-left',
      })),
    [laid, way],
  )
  return (
    <div className="cw-flow-diagram" data-compact={compact || undefined}>
      <ReactFlow
        key={flow['x-id']}
        nodes={nodes}
        edges={edges}
        nodeTypes={faces}
        edgeTypes={edgeFaces}
        nodesDraggable={false}
        nodesConnectable={false}
        fitView
        minZoom={0.25}
        fitViewOptions={{ maxZoom: 1, padding: 0.06 }}
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

/** A mistake of a node, or of an edge that leaves it. */
function isAbout(flow: FlowDefinition, path: string, at: number): boolean {
  const [, part, index] = path.split('/')
  if (part === 'nodes') return Number(index) === at
  return part === 'edges' && flow.edges[Number(index)]?.from === flow.nodes[at]?.['x-id']
}

const Step = memo(function Step({ data }: NodeProps<DiagramNode>) {
  return (
    <div className="cw-flow-step" data-place={data.place} data-taken={data.taken ?? undefined}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="cw-flow-step-title" title={data.title}>
        {data.title}
      </span>
      {data.note !== data.title && <span className="cw-flow-step-type">{data.note}</span>}
      {data.problems.length > 0 && <Problems problems={data.problems} />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
})

function Problems({ problems }: { problems: readonly Diagnostic[] }) {
  const { t } = useTranslation('builder')
  const severity = problems.some((one) => one.severity === 'error') ? 'error' : 'warning'
  return (
    <HoverCard width={340} withinPortal shadow="md" openDelay={80}>
      <HoverCard.Target>
        <button
          type="button"
          className="cw-flow-step-problem nodrag nopan"
          data-severity={severity}
          aria-label={t('problems', { count: problems.length })}
        >
          <IconAlertTriangle size={14} aria-hidden />
          {problems.length}
        </button>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <DiagnosticList diagnostics={problems} />
      </HoverCard.Dropdown>
    </HoverCard>
  )
}

// Outside the component, so that React Flow does not remount every node on each render.
const faces = { step: Step }
