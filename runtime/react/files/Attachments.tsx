import { FileList } from '../../src/fields/file/file-list.tsx'

/** Files that stand beside what somebody said, to be opened; nothing where there are none. */
export function Attachments({ ids }: { ids: readonly string[] }) {
  return ids.length === 0 ? null : <FileList ids={ids} />
}
