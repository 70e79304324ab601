import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, lintKeymap, type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useImperativeHandle, useRef } from 'react'
import { type ContextWords, completeFromSchema } from './complete-json.ts'
import { findPointerRange } from './json-position.ts'

export interface JsonEditorHandle {
  /** Puts the cursor on the value a JSON pointer names. */
  reveal(pointer: string): void
}

interface Props {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly schema: JsonObject | undefined
  readonly contextWords: ContextWords
  readonly diagnostics: readonly Diagnostic[]
  readonly locale: Locale
  readonly label: string
  readonly ref?: React.Ref<JsonEditorHandle>
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--cw-code-key)' },
  { tag: tags.string, color: 'var(--cw-code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--cw-code-number)' },
])

/** A definition as JSON, with completion from its meta-schema and diagnostics at their places. */
export function JsonEditor({
  value,
  onChange,
  schema,
  contextWords,
  diagnostics,
  locale,
  label,
  ref,
}: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const completion = useRef(new Compartment())
  const changed = useRef(onChange)
  changed.current = onChange

  // The editor owns its document; React only hands it new texts that did not come from it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once, later values arrive through the effects below
  useEffect(() => {
    const editor = new EditorView({
      parent: host.current ?? undefined,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          foldGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          lintGutter(),
          json(),
          syntaxHighlighting(colours),
          completion.current.of([]),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap,
            indentWithTab,
          ]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
    }
  }, [value])

  useEffect(() => {
    view.current?.dispatch({
      effects: completion.current.reconfigure(
        schema ? autocompletion({ override: [completeFromSchema(schema, contextWords)] }) : [],
      ),
    })
  }, [schema, contextWords])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const text = editor.state.doc.toString()
    const marks = diagnostics.map((diagnostic) => toMark(diagnostic, text, locale))
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [diagnostics, locale])

  useImperativeHandle(ref, () => ({
    reveal(pointer) {
      const editor = view.current
      if (!editor) return
      const range = findPointerRange(editor.state.doc.toString(), pointer)
      editor.dispatch({ selection: { anchor: range.from, head: range.to }, scrollIntoView: true })
      editor.focus()
    },
  }))

  return <div ref={host} className="cw-json-editor" />
}

function toMark(diagnostic: Diagnostic, text: string, locale: Locale): Mark {
  const range = findPointerRange(text, diagnostic.path)
  const fix = diagnostic.fix
  return {
    ...range,
    severity: diagnostic.severity,
    source: diagnostic.code,
    message: `${diagnostic.message[locale]} ${diagnostic.hint[locale]}`.trim(),
    actions: fix && [
      {
        name: fix.title[locale],
        apply(editor) {
          const place = findPointerRange(editor.state.doc.toString(), fix.path)
          editor.dispatch({ changes: { ...place, insert: JSON.stringify(fix.value) } })
        },
      },
    ],
  }
}
