import { Badge } from '@mantine/core'
import type { FieldCellProps } from '../face.tsx'

const tones = ['gray', 'harbor', 'amber', 'teal', 'red', 'violet', 'cyan', 'orange']

/** A badge; its colour is the choice's `x-color`, else none: the platform does not know which state is good. */
export function ChoiceCell({ field, value, text }: FieldCellProps) {
  const choices = Array.isArray(field.oneOf) ? field.oneOf : []
  const choice = choices.find((one: { const?: unknown }) => one.const === value) as
    | { 'x-color'?: unknown }
    | undefined
  const wanted = typeof choice?.['x-color'] === 'string' ? choice['x-color'] : 'gray'
  return <Badge color={tones.includes(wanted) ? wanted : 'gray'}>{text}</Badge>
}
