import { json } from '@codemirror/lang-json'
import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

/** Two texts of a definition, what went in red and what came in green. */
export function Difference({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation('builder')
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!host.current || before === after) return
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          json(),
          EditorState.readOnly.of(true),
          EditorView.lineWrapping,
          unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3 } }),
        ],
      }),
    })
    return () => view.destroy()
  }, [before, after])
  if (before === after) return <Text c="dimmed">{t('noDifference')}</Text>
  return <div ref={host} className="cw-json-editor" />
}
