import type { FieldCellProps } from '../face.tsx'
import { FileList } from './file-list.tsx'

export function FileCell({ field, value, titles }: FieldCellProps) {
  if (!Array.isArray(value)) return null
  return <FileList ids={value.map(String)} titles={titles} pictures={field['x-field'] === 'image'} />
}
