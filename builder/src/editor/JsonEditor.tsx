import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { lintGutter, lintKeymap, type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, openSearchPanel, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { modify } from 'jsonc-parser'
import { useEffect, useImperativeHandle, useRef } from 'react'
import { completeDefinition, type EditorSight } from './complete-json.ts'
import { dressEditor } from './editor-theme.ts'
import { explainDefinition } from './explain-json.ts'
import { findPointerRange, formatJson, locateSegments, type TextRange } from './json-position.ts'

export interface JsonEditorHandle {
  /** Puts the cursor where a diagnostic points. */
  reveal(diagnostic: Diagnostic): void
  /** Puts a value where a JSON pointer says, formatted as the rest is; one step to undo. */
  write(pointer: string, value: Json): void
  /** As `write`, for a form that keeps the focus. Undefined takes away what stands there. */
  put(pointer: string, value: Json | undefined): void
  /** Lays the text out as packs are written; one step to undo. Broken JSON stays as it is. */
  format(): void
  /** Opens the search. */
  search(): void
}

interface Props {
  readonly value: string
  readonly onChange: (text: string) => void
  /** What can be completed and explained; null while it is fetched. */
  readonly sight: EditorSight | null
  readonly diagnostics: readonly Diagnostic[]
  readonly locale: Locale
  readonly label: string
  /** JSON pointer that the cursor begins at. */
  readonly at?: string
  readonly ref?: React.Ref<JsonEditorHandle>
}

/** Marks texts that were handed in: they are no edit of the person's, and must not be saved as one. */
const fromOutside = Annotation.define<boolean>()

/** More marks than this help nobody, and each one is drawn. */
const mostMarks = 300

/** A definition as JSON, with completion from its meta-schema and diagnostics at their places. */
export function JsonEditor({ value, onChange, sight, diagnostics, locale, label, at, ref }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const completion = useRef(new Compartment())
  const dress = useRef(new Compartment())
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
          dress.current.of(dressEditor(locale)),
          completion.current.of([]),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap,
            { key: 'Shift-Alt-f', run: layOut },
            indentWithTab,
          ]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            const given = update.transactions.some((one) => one.annotation(fromOutside))
            if (update.docChanged && !given) changed.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    if (at !== undefined) select(editor, findPointerRange(value, at))
    return () => editor.destroy()
  }, [])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({
        changes: { from: 0, to: editor.state.doc.length, insert: value },
        annotations: fromOutside.of(true),
      })
    }
  }, [value])

  useEffect(() => {
    view.current?.dispatch({
      effects: completion.current.reconfigure(
        sight ? [autocompletion({ override: [completeDefinition(sight)] }), explainDefinition(sight)] : [],
      ),
    })
  }, [sight])

  useEffect(() => {
    view.current?.dispatch({ effects: dress.current.reconfigure(dressEditor(locale)) })
  }, [locale])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const marks = diagnostics.slice(0, mostMarks).map((one) => toMark(one, editor.state.doc, locale))
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [diagnostics, locale])

  useImperativeHandle(ref, () => ({
    reveal(diagnostic) {
      const editor = view.current
      if (!editor) return
      select(editor, placeOf(diagnostic, editor.state.doc))
    },
    write(pointer, value) {
      const editor = view.current
      if (!editor) return
      writeValue(editor, pointer, value)
      select(editor, findPointerRange(editor.state.doc.toString(), pointer))
    },
    put(pointer, value) {
      if (view.current) writeValue(view.current, pointer, value)
    },
    format() {
      if (view.current) layOut(view.current)
    },
    search() {
      if (view.current) openSearchPanel(view.current)
    },
  }))

  return <div ref={host} className="cw-json-editor" />
}

/** Broken JSON has no pointers to follow: there the line and column say where. */
function placeOf({ path, line, column }: Diagnostic, text: EditorState['doc']): TextRange {
  if (path !== '' || line === undefined || line < 1 || line > text.lines)
    return findPointerRange(text.toString(), path)
  const at = text.line(line)
  const from = Math.min(at.from + (column ?? 1) - 1, at.to)
  return { from, to: Math.min(from + 1, text.length) }
}

function layOut(editor: EditorView): boolean {
  const text = editor.state.doc.toString()
  const laid = formatJson(text)
  if (laid !== null && laid !== text) {
    // The cursor keeps its share of the text, which is near where it was.
    const anchor = Math.round((editor.state.selection.main.head / Math.max(text.length, 1)) * laid.length)
    editor.dispatch({
      changes: { from: 0, to: text.length, insert: laid },
      selection: { anchor },
      userEvent: 'input',
      scrollIntoView: true,
    })
  }
  return true
}

function writeValue(editor: EditorView, pointer: string, value: Json | undefined): void {
  const text = editor.state.doc.toString()
  const edits = modify(text, locateSegments(text, pointer), value, {
    formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' },
  })
  const changes = edits.map(({ offset, length, content }) => ({
    from: offset,
    to: offset + length,
    insert: content,
  }))
  editor.dispatch({ changes, userEvent: 'input' })
}

function select(editor: EditorView, { from, to }: TextRange): void {
  const scroll = () => EditorView.scrollIntoView(from, { y: 'center' })
  editor.dispatch({ selection: { anchor: from, head: to }, effects: scroll() })
  editor.focus()
  // An editor that was made just now has no height to scroll in until the page is laid out; one frame later it has,
  // and has measured its lines when the next comes.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (editor.dom.isConnected && editor.state.selection.main.anchor === from)
        editor.dispatch({ effects: scroll() })
    }),
  )
}

function toMark(diagnostic: Diagnostic, text: EditorState['doc'], locale: Locale): Mark {
  const range = placeOf(diagnostic, text)
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
          writeValue(editor, fix.path, fix.value)
          select(editor, findPointerRange(editor.state.doc.toString(), fix.path))
        },
      },
    ],
  }
}
