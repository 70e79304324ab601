import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { LoadingRows } from '@channelwright/runtime/react/parts/states.tsx'
import { SegmentedControl, Stack } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FlowDiagram } from './flow/FlowDiagram.tsx'
import type { PreviewProps } from './previews.ts'

const FlowWalk = lazy(async () => ({ default: (await import('./flow/FlowWalk.tsx')).FlowWalk }))
const FlowReplay = lazy(async () => ({ default: (await import('./flow/FlowReplay.tsx')).FlowReplay }))

const faces = ['drawing', 'walk', 'replay'] as const

/** A flow as a picture, one case walked through it, and real cases replayed on it. */
export function FlowPreview({ definition, set, place, diagnostics = [] }: PreviewProps) {
  const { t } = useTranslation('builder')
  const [face, setFace] = useState<(typeof faces)[number]>('drawing')
  const flow = definition as unknown as FlowDefinition
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('flowFaces')}
        value={face}
        onChange={(value) => setFace(value as typeof face)}
        data={faces.map((value) => ({ value, label: t(`flowFace.${value}`) }))}
      />
      {face === 'drawing' && <FlowDiagram flow={flow} problems={diagnostics} />}
      <Suspense fallback={<LoadingRows />}>
        {face === 'walk' && <FlowWalk flow={flow} set={set} place={place} />}
        {face === 'replay' && <FlowReplay flow={flow} place={place} />}
      </Suspense>
    </Stack>
  )
}
