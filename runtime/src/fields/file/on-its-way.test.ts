import { describe, expect, test } from 'vitest'
import { awaitsFile, isFileId, onlyFilesSettled, placeFor } from './on-its-way.ts'

const id = '0199f9d2-0000-7000-8000-000000000001'
const sending = placeFor('a', 'sending')
const unsent = placeFor('a', 'unsent')

describe('files on their way', () => {
  test('a place is no id, whether or not its file is still coming', () => {
    expect([id, sending, unsent].map(isFileId)).toEqual([true, false, false])
  })

  test('a file is awaited in a list and in the lists of lines, and no longer once it failed', () => {
    expect(awaitsFile({ minutes: [id, sending] })).toBe(true)
    expect(awaitsFile({ lines: [{ proof: [sending] }] })).toBe(true)
    expect(awaitsFile({ minutes: [unsent], note: sending })).toBe(false)
    expect(awaitsFile({})).toBe(false)
  })

  test('an arrival is told from a change: files that settle change nothing else, and none is taken out', () => {
    const before = { note: 'x', minutes: [id, sending] }
    expect(onlyFilesSettled(before, { ...before, minutes: [id, id] })).toBe(true)
    expect(onlyFilesSettled(before, { ...before, minutes: [id, unsent] })).toBe(true)
    expect(onlyFilesSettled(before, { ...before, empty: undefined } as never)).toBe(true)
    expect(onlyFilesSettled(before, { ...before, minutes: [id] })).toBe(false)
    expect(onlyFilesSettled(before, { note: 'y', minutes: [id, id] })).toBe(false)
    expect(onlyFilesSettled(before, { minutes: [id, id] })).toBe(false)
  })
})
