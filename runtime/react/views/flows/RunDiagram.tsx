import { ActionIcon, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import { Background, Handle, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { createContext, memo, useContext, useMemo, useState } from 'react'
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

/** Room around the picture, in its own measure. */
const margin = 28
/** Smaller than this titles can't be read; what is wider is scrolled. */
const leastFit = 0.8
const steps = { least: 0.4, most: 1.6, each: 1.2 }

/**
 * A run as the picture of its flow: the way it took, where it stands, who is waited for. Read only. It fits the width as
 * far as it stays readable; the rest is reached by scrolling, by wheel, finger or keys.
 */
export function RunDiagram({ run }: { run: RunReply }) {
  const { say, locale } = useSpeech()
  const scheme = useComputedColorScheme('light')
  const { nodes, edges, width, height } = useMemo(() => layOutRun(run, locale), [run, locale])
  const { ref, width: room } = useElementSize()
  const [chosen, choose] = useState<number | null>(null)
  const fit = Math.min(1, Math.max(leastFit, room / (width + 2 * margin)))
  const zoom = chosen ?? fit
  const size = { width: Math.max(room, (width + 2 * margin) * zoom), height: (height + 2 * margin) * zoom }
  const by = (factor: number) => choose(Math.min(steps.most, Math.max(steps.least, zoom * factor)))
  return (
    <RunContext.Provider value={run}>
      <div className="cw-run-picture">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
        <section className="cw-run-diagram" ref={ref} tabIndex={0} aria-label={say('flow.wayThrough')}>
          <div style={size}>
            <ReactFlow
              key={run.id}
              nodes={nodes}
              edges={edges}
              nodeTypes={faces}
              edgeTypes={edgeFaces}
              nodesDraggable={false}
              nodesConnectable={false}
              edgesFocusable={false}
              viewport={{ x: (size.width - width * zoom) / 2, y: margin * zoom, zoom }}
              minZoom={steps.least}
              maxZoom={steps.most}
              // It stands in what scrolls, and moves with it alone.
              panOnDrag={false}
              zoomOnScroll={false}
              zoomOnPinch={false}
              zoomOnDoubleClick={false}
              autoPanOnNodeFocus={false}
              preventScrolling={false}
              proOptions={{ hideAttribution: false }}
              colorMode={scheme}
            >
              <Background />
            </ReactFlow>
          </div>
        </section>
        <ActionIcon.Group orientation="vertical" className="cw-run-zoom" aria-label={say('diagram.controls')}>
          <ActionIcon variant="default" aria-label={say('diagram.zoomIn')} onClick={() => by(steps.each)}>
            <IconPlus size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={say('diagram.zoomOut')}
            onClick={() => by(1 / steps.each)}
          >
            <IconMinus size={16} />
          </ActionIcon>
          <ActionIcon variant="default" aria-label={say('diagram.fit')} onClick={() => choose(null)}>
            <IconMaximize size={16} />
          </ActionIcon>
        </ActionIcon.Group>
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
        <span className="cw-two-lines" title={node.title[locale]}>
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
