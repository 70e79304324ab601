import { useComputedColorScheme } from '@mantine/core'
import { Background, Controls, Handle, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { createContext, memo, useContext, useMemo } from 'react'
import type { RunReply } from '../../../src/api/flows.ts'
import type { WordKey } from '../../words/en.ts'
import { useSpeech } from '../../words/i18n.ts'
import { DueMark, useNow } from './DueMark.tsx'
import { type DiagramNode, layOutRun } from './lay-out-run.ts'
import { isWaitedFor, nearestDue, tasksAt } from './node-people.ts'
import { isOpenRun, stepIcons, useNodeTime } from './RunSteps.tsx'
import { edgeFaces } from './WayEdge.tsx'
import '@xyflow/react/dist/style.css'

const RunContext = createContext<RunReply | null>(null)

/** A run as the picture of its flow: the way it took, where it stands, who is waited for. Read only. */
export function RunDiagram({ run }: { run: RunReply }) {
  const { say, locale } = useSpeech()
  const scheme = useComputedColorScheme('light')
  const { nodes, edges, height } = useMemo(() => layOutRun(run, locale), [run, locale])
  return (
    <RunContext.Provider value={run}>
      <div className="cw-run-diagram" style={{ height: `min(${height + 64}px, 46rem)` }}>
        <ReactFlow
          key={run.id}
          nodes={nodes}
          edges={edges}
          nodeTypes={faces}
          edgeTypes={edgeFaces}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          // The wheel scrolls the page: the picture stands in the middle of one.
          zoomOnScroll={false}
          preventScrolling={false}
          fitView
          fitViewOptions={{ maxZoom: 1, minZoom: 0.55, padding: 0.08 }}
          minZoom={0.25}
          proOptions={{ hideAttribution: false }}
          colorMode={scheme}
          ariaLabelConfig={{
            'controls.ariaLabel': say('diagram.controls'),
            'controls.zoomIn.ariaLabel': say('diagram.zoomIn'),
            'controls.zoomOut.ariaLabel': say('diagram.zoomOut'),
            'controls.fitView.ariaLabel': say('diagram.fit'),
          }}
        >
          <Background />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
    </RunContext.Provider>
  )
}

const Step = memo(function Step({ data: { node, place } }: NodeProps<DiagramNode>) {
  const run = useContext(RunContext)
  const { say, locale } = useSpeech()
  const timeOf = useNodeTime()
  const now = useNow()
  if (!run) return null
  const Icon = stepIcons[node.state]
  const open = isOpenRun(run)
  const people = tasksAt(run, node.id)
    .filter((task) =>
      open && node.state === 'active'
        ? isWaitedFor(task)
        : ['approved', 'rejected', 'done'].includes(task.state),
    )
    .flatMap((task) => {
      const { name } = task.assignee
      if (name === null) return []
      const other = task.on_behalf_of
      return other === null
        ? name
        : `${name} (${say('flow.forPerson', { name: other.name ?? say('history.somebody') })})`
    })
  const due = open ? nearestDue(tasksAt(run, node.id)) : null
  const time = timeOf(node, open)
  return (
    <div
      className="cw-run-node"
      data-state={node.state}
      data-place={place}
      data-late={due !== null && Date.parse(due) < now ? '' : undefined}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="cw-run-node-title">
        <Icon size={15} aria-hidden />
        <span className="cw-clip" title={node.title[locale]}>
          {node.title[locale]}
        </span>
        <span className="cw-sr">{say(`flow.node.${node.state}` as WordKey)}</span>
      </span>
      {people.length > 0 && (
        <span className="cw-run-node-note" title={people.join(', ')}>
          {people.join(locale === 'zh' ? '、' : ', ')}
        </span>
      )}
      {due === null ? time && <span className="cw-run-node-note">{time}</span> : <DueMark due={due} small />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
})

// Outside the component, so that React Flow does not remount every node on each render.
const faces = { step: Step }
