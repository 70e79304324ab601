import { Badge, type MantineSpacing } from '@mantine/core'
import { IconClockExclamation, IconHourglass } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { formatMoment } from '../../parts/moments.ts'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { formatSpan, secondsBetween } from './spans.ts'

/** Now, and again every so often while somebody looks. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** Until when something must be done, as the time that is left or over; nothing where no time was set. */
export function DueMark({
  due,
  mt,
  small,
}: {
  due: string | null | undefined
  mt?: MantineSpacing
  small?: boolean
}) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const now = useNow()
  if (!due) return null
  const left = secondsBetween(now, due)
  const span = formatSpan(left, locale)
  return (
    <Badge
      mt={mt}
      size={small ? 'xs' : undefined}
      color={left < 0 ? 'red' : left < 14_400 ? 'amber' : 'gray'}
      leftSection={left < 0 ? <IconClockExclamation size={13} /> : <IconHourglass size={13} />}
      title={say('flow.dueAt', { when: formatMoment(due, locale, portal.workspace.timeZone) })}
    >
      {say(left < 0 ? 'flow.overdueBy' : 'flow.dueIn', { span })}
    </Badge>
  )
}
