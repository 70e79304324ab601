import { Anchor } from '@mantine/core'
import { type FieldCellProps, useFace } from '../face.tsx'

export function ReferenceCell({ field, value, text }: FieldCellProps) {
  const face = useFace()
  const href = typeof value === 'string' ? face.recordHref(String(field['x-object'] ?? ''), value) : undefined
  if (!href) return <>{text}</>
  return (
    <Anchor href={href} onClick={(event) => event.stopPropagation()}>
      {text}
    </Anchor>
  )
}
