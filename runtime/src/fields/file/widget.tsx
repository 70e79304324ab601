import type { FieldWidgetProps } from '../face.tsx'
import { mostFiles } from '../file-field.ts'
import { FilesInput } from './files-input.tsx'

export function FileWidget(props: FieldWidgetProps) {
  const { field, value } = props
  const accept = Array.isArray(field['x-accept']) ? field['x-accept'].map(String) : []
  return (
    <FilesInput
      {...props}
      pictures={field['x-field'] === 'image'}
      accept={accept}
      most={mostFiles(field)}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={(ids) => props.onChange(ids.length === 0 ? undefined : ids)}
    />
  )
}
