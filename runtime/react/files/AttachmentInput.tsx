import { FilesInput } from '../../src/fields/file/files-input.tsx'

/** Asks for files that go along with a decision or a command. `value` holds ids once they have arrived. */
export function AttachmentInput({
  id,
  label,
  help,
  required = false,
  error,
  value,
  onChange,
}: {
  id: string
  label: string
  help?: string
  required?: boolean
  error?: string
  value: readonly string[]
  onChange(value: string[]): void
}) {
  return (
    <FilesInput
      id={id}
      label={label}
      help={help}
      required={required}
      readonly={false}
      errors={error ? [error] : []}
      most={20}
      accept={[]}
      value={value}
      onChange={onChange}
    />
  )
}
