import { Button } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { PeoplePicker } from './PeoplePicker.tsx'

/** People who may read the case from then on: asked for by whoever wants to name some. */
export function CopyInput({
  value,
  onChange,
}: {
  value: readonly string[]
  onChange(value: readonly string[]): void
}) {
  const { say } = useSpeech()
  const { portal } = useWorkspace()
  const [open, setOpen] = useState(value.length > 0)
  if (open)
    return (
      <PeoplePicker
        id="decision-cc"
        label={say('command.field.cc')}
        description={say('command.help.cc')}
        without={[portal.user.id]}
        most={50}
        value={value}
        onChange={onChange}
      />
    )
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconCopy size={16} />}
      style={{ alignSelf: 'flex-start' }}
      onClick={() => setOpen(true)}
    >
      {say('command.field.cc')}
    </Button>
  )
}
