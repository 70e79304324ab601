import { Anchor } from '@mantine/core'
import type { FieldCellProps } from '../face.tsx'

export function UrlCell({ value, text }: FieldCellProps) {
  // Only web addresses become links: a stored `javascript:` must stay text.
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value)) return <>{text}</>
  return (
    <Anchor
      href={value}
      target="_blank"
      rel="noreferrer noopener"
      onClick={(event) => event.stopPropagation()}
    >
      {text.replace(/^https?:\/\//i, '').replace(/\/$/, '')}
    </Anchor>
  )
}
