import { Badge, Group } from '@mantine/core'
import { type FieldCellProps, useFace } from '../face.tsx'
import { choiceTitle } from '../shared.ts'

export function MultiChoiceCell({ field, value }: FieldCellProps) {
  const { locale } = useFace()
  if (!Array.isArray(value)) return null
  return (
    <Group gap={4}>
      {value.map((one) => (
        <Badge key={String(one)} color="gray">
          {choiceTitle(field, String(one), locale)}
        </Badge>
      ))}
    </Group>
  )
}
