import type { Readable } from 'node:stream'

/** Whose bytes: the id of the workspace and of the file. */
export interface FileKey {
  readonly workspace: string
  readonly id: string
}

/** Part of a file: first and last byte, both counted from 0. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Where the bytes of files lie. What a file is called, and who may see it, the database knows. */
export interface FileStore {
  /** Keeps what the stream gives, whole or not at all. Throws what the stream throws. */
  write(key: FileKey, source: Readable): Promise<void>
  /** Throws FileContentGone when there is nothing under the key. */
  read(key: FileKey, range?: ByteRange): Promise<Readable>
  /** Does nothing when there is nothing. */
  remove(key: FileKey): Promise<void>
  /** Ids of a workspace's files with the moment they were kept, in ms. */
  list(workspace: string): AsyncIterable<{ readonly id: string; readonly at: number }>
  /** Everything of a workspace that is gone. */
  removeAll(workspace: string): Promise<void>
}

/** The database knows a file that the store does not have: the folder was not put back with it. */
export class FileContentGone extends Error {
  override name = 'FileContentGone'
}
