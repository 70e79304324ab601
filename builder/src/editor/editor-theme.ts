import type { Locale } from '@channelwright/runtime/text.ts'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--cw-code-key)' },
  { tag: tags.string, color: 'var(--cw-code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--cw-code-number)' },
])

/** Everything from the page's own variables: light and dark need no second theme. */
const surface = EditorView.theme({
  '&': { color: 'var(--mantine-color-text)', backgroundColor: 'transparent' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--cw-code-selection)',
  },
  '.cm-activeLine': { backgroundColor: 'var(--cw-code-line)' },
  '.cm-gutters': {
    color: 'var(--mantine-color-dimmed)',
    backgroundColor: 'transparent',
    borderRight: '1px solid var(--mantine-color-default-border)',
  },
  '.cm-activeLineGutter': { backgroundColor: 'var(--cw-code-line)' },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--mantine-color-body)',
    border: '1px solid var(--mantine-color-default-border)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--mantine-color-text)',
    background: 'var(--cw-code-selection)',
  },
  '.cm-foldPlaceholder, .cm-collapsedLines': {
    color: 'var(--mantine-color-text)',
    background: 'var(--mantine-color-default-hover)',
    border: 'none',
  },
  '.cm-changedLine': { backgroundColor: 'var(--cw-code-added)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--cw-code-removed)' },
  '.cm-changedText, .cm-insertedLine .cm-changedText': {
    background: 'var(--cw-code-added-word)',
    textDecoration: 'none',
  },
  '.cm-deletedChunk .cm-deletedText': { background: 'var(--cw-code-removed-word)' },
})

/** The editor's own words, where it says something by itself. */
const phrases: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: {},
  zh: {
    '$ unchanged lines': '$ 行未变',
    'folded code': '已折叠的内容',
    'Unfold line': '展开',
    'Fold line': '折叠',
    Find: '查找',
    Replace: '替换',
    next: '下一个',
    previous: '上一个',
    all: '全部',
    'match case': '区分大小写',
    regexp: '正则表达式',
    'by word': '全字匹配',
    replace: '替换',
    'replace all': '全部替换',
    close: '关闭',
    Completions: '可选内容',
    Diagnostics: '问题',
    'No diagnostics': '没有问题',
  },
}

/** How every editor of the designer looks and speaks. */
export function dressEditor(locale: Locale): Extension {
  return [surface, syntaxHighlighting(colours), EditorState.phrases.of({ ...phrases[locale] })]
}
