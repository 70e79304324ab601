import { SegmentedControl, Stack } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'
import type { RunReply } from '../../../src/api/flows.ts'
import { LoadingRows } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { TimelineView } from '../TimelineView.tsx'
import { RunSteps } from './RunSteps.tsx'

const RunDiagram = lazy(async () => ({ default: (await import('./RunDiagram.tsx')).RunDiagram }))

/** What happened, or the way through the flow: as a picture where there is room, as a list where there is not. */
export function RunStory({ run, wide }: { run: RunReply; wide?: boolean }) {
  const { say } = useSpeech()
  const [shown, show] = useState<'story' | 'way'>('story')
  const narrow = useMediaQuery('(max-width: 40em)', undefined, { getInitialValueInEffect: false })
  return (
    <Stack gap="md">
      <SegmentedControl
        size="xs"
        fullWidth={narrow}
        style={{ alignSelf: narrow ? 'stretch' : 'flex-start' }}
        aria-label={say('flow.howShown')}
        value={shown}
        onChange={(next) => show(next === 'way' ? 'way' : 'story')}
        data={[
          { value: 'story', label: say('flow.story') },
          { value: 'way', label: say('flow.wayThrough') },
        ]}
      />
      {shown === 'story' ? (
        <TimelineView run={run} />
      ) : narrow || !wide ? (
        <RunSteps run={run} />
      ) : (
        <Suspense fallback={<LoadingRows rows={6} />}>
          <RunDiagram run={run} />
          <details className="cw-steps-fold">
            <summary>{say('flow.asList')}</summary>
            <RunSteps run={run} />
          </details>
        </Suspense>
      )}
    </Stack>
  )
}
