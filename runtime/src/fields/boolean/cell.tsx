import { IconCheck, IconMinus } from '@tabler/icons-react'
import type { FieldCellProps } from '../face.tsx'

export function BooleanCell({ value, text }: FieldCellProps) {
  const Icon = value === true ? IconCheck : IconMinus
  return (
    <span title={text}>
      <Icon
        size={16}
        aria-hidden
        color={value === true ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-dimmed)'}
      />
      <span className="cw-sr">{text}</span>
    </span>
  )
}
