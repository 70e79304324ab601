/** What travels for files: `POST …/files` (multipart/form-data, one part `file`) answers one of these. */
export interface FileInfo {
  readonly id: string
  readonly name: string
  /** Media type, found out from the bytes. */
  readonly type: string
  /** Length. */
  readonly bytes: number
  /** When it was sent. */
  readonly at: string
}

/** `GET …/files?ids=`: those of the asked ones that the reader may see. */
export interface FileList {
  readonly files: readonly FileInfo[]
}
