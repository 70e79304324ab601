import { Anchor } from '@mantine/core'
import type { FieldCellProps } from '../face.tsx'

export function EmailCell({ value, text }: FieldCellProps) {
  return (
    <Anchor href={`mailto:${encodeURIComponent(String(value))}`} onClick={(event) => event.stopPropagation()}>
      {text}
    </Anchor>
  )
}
