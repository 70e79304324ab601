import { json } from '@codemirror/lang-json'
import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import { dressEditor } from './editor-theme.ts'

interface Props {
  readonly before: string
  readonly after: string
  /** What is compared, for those who do not see it. */
  readonly label: string
}

/** Two texts of a definition, what went in red and what came in green. */
export function Difference({ before, after, label }: Props) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const host = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!host.current || before === after) return
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          json(),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          // Read by keyboard too: a region that scrolls must take the focus.
          EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label }),
          EditorView.lineWrapping,
          dressEditor(locale),
          unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3 } }),
        ],
      }),
    })
    return () => view.destroy()
  }, [before, after, label, locale])
  if (before === after) return <Text c="dimmed">{t('noDifference')}</Text>
  return <section ref={host} className="cw-json-editor cw-difference" aria-label={label} />
}
