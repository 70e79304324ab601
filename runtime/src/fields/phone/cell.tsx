import { Anchor } from '@mantine/core'
import type { FieldCellProps } from '../face.tsx'

export function PhoneCell({ value, text }: FieldCellProps) {
  return (
    <Anchor
      className="cw-num cw-nowrap"
      href={`tel:${String(value).replace(/[^\d+]/g, '')}`}
      onClick={(event) => event.stopPropagation()}
    >
      {text}
    </Anchor>
  )
}
