import { useEffect, useState } from 'react'
import type { FileInfo } from '../../api/files.ts'
import { useFace } from '../face.tsx'

/** What is known of files by their ids; those that the reader may not see stay unknown. */
export function useFiles(ids: readonly string[]): ReadonlyMap<string, FileInfo> {
  const { files } = useFace()
  const [known, setKnown] = useState<ReadonlyMap<string, FileInfo>>(new Map())
  const wanted = ids.filter((id) => !known.has(id)).join(',')
  useEffect(() => {
    if (!files || wanted === '') return
    let gone = false
    files.describe(wanted.split(',')).then(
      (found) => {
        if (!gone && found.length > 0)
          setKnown((before) => new Map([...before, ...found.map((file) => [file.id, file] as const)]))
      },
      // Names are a comfort: without them the links still lead to the files.
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [files, wanted])
  return known
}

/** A length as people say it: 12 KB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const kilo = bytes / 1024
  return kilo < 1000 ? `${Math.max(1, Math.round(kilo))} KB` : `${(kilo / 1024).toFixed(1)} MB`
}
