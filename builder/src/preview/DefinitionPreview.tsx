import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { FailedState, LoadingRows } from '@channelwright/runtime/react/parts/states.tsx'
import { Text } from '@mantine/core'
import { Component, type ReactNode, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type PreviewProps, previews } from './previews.ts'

/** What a definition looks like in use, drawn from the text as it stands and all other drafts. */
export function DefinitionPreview({
  text,
  set,
  error,
  place,
  diagnostics,
}: {
  text: string
  /** All definitions that can be read, this text among them; null while they are fetched. */
  set: DefinitionSet | null
  /** Why they could not be fetched. */
  error: Error | null
} & Pick<PreviewProps, 'place' | 'diagnostics'>) {
  const { t } = useTranslation('builder')
  const definition = useMemo(() => parse(text), [text])
  if (!definition) return <Text c="dimmed">{t('previewBroken')}</Text>
  const Preview = previews[String(definition.kind).split('/')[0] ?? '']
  if (!Preview) return <Text c="dimmed">{t('noPreview')}</Text>
  if (!set) return error ? <FailedState error={error} /> : <LoadingRows />
  return (
    <Guard text={text} fallback={<Text c="dimmed">{t('previewBroken')}</Text>}>
      <Suspense fallback={<LoadingRows />}>
        <Preview definition={definition} set={set} place={place} {...(diagnostics ? { diagnostics } : {})} />
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

interface GuardProps {
  readonly text: string
  readonly children: ReactNode
  readonly fallback: ReactNode
}
interface GuardState {
  readonly failed: boolean
  readonly text: string
}

/** A half-written definition may break its renderer; the editor beside it must not go with it. */
class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { failed: false, text: this.props.text }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  /** The next wording gets its chance; what was entered in the preview stays as long as it holds. */
  static getDerivedStateFromProps({ text }: GuardProps, state: GuardState): GuardState | null {
    return text === state.text ? null : { failed: false, text }
  }
  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
