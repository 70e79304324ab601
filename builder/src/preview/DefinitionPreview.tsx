import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { ViewDefinition } from '@channelwright/runtime/definition/view.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { Text } from '@mantine/core'
import { Component, lazy, type ReactNode, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import { FormPreview, ObjectPreview } from './FormPreview.tsx'
import { previewedViews, ViewPreview } from './ViewPreview.tsx'

// The canvas library is large, and most definitions have no picture.
const FlowDiagram = lazy(async () => ({ default: (await import('./FlowDiagram.tsx')).FlowDiagram }))

/** What a definition looks like in use, drawn from the text as it stands. */
export function DefinitionPreview({ text }: { text: string }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const definition = useMemo(() => parse(text), [text])
  if (!definition) return <Text c="dimmed">{t('previewBroken')}</Text>
  const kind = String(definition.kind).split('/')[0]
  return (
    <Guard key={text} fallback={<Text c="dimmed">{t('previewBroken')}</Text>}>
      <Suspense fallback={<Text c="dimmed">{t('loading')}</Text>}>
        {kind === 'form' ? (
          <FormPreview form={definition as unknown as FormDefinition} />
        ) : kind === 'object' ? (
          <ObjectPreview object={definition as unknown as ObjectDefinition} />
        ) : kind === 'flow' ? (
          <FlowDiagram flow={definition as unknown as FlowDefinition} locale={locale} />
        ) : kind === 'view' && previewedViews.some((type) => type === definition.type) ? (
          <ViewPreview view={definition as unknown as ViewDefinition} />
        ) : (
          <Text c="dimmed">{t('noPreview')}</Text>
        )}
      </Suspense>
    </Guard>
  )
}

function parse(text: string) {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}

/** A half-written definition may break its renderer; the editor beside it must not go with it. */
class Guard extends Component<{ children: ReactNode; fallback: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
