import { Alert, Anchor, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, type Ref, useImperativeHandle, useRef } from 'react'
import { useSpeech } from '../words/i18n.ts'
import { type FormProblem, groupByMessage, type ToldProblem } from './problems.ts'

/** Beyond so many sentences a list helps nobody; the rest is marked where it is. */
const mostTold = 12
/** Places named after one sentence: a pasted column of wrong cells gets one line, not hundreds. */
const mostPlaces = 8

/** All that needs attention, each thing said once, with a way to it. Takes the focus when a step or a submit was refused. */
export function ErrorSummary({
  problems,
  hint,
  requestId,
  placeOf,
  onJump,
  action,
  ref,
}: {
  problems: readonly FormProblem[]
  hint?: string
  requestId?: string | null
  /** What people call the place: the field's title; of lines the row and the column too. */
  placeOf(problem: FormProblem): string
  onJump(problem: FormProblem): void
  action?: ReactNode
  ref?: Ref<{ focus(): void }>
}) {
  const { say } = useSpeech()
  const box = useRef<HTMLDivElement>(null)
  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), [])
  if (problems.length === 0) return null
  const whole = problems.filter((problem) => problem.field === null)
  const told = groupByMessage(problems.filter((problem) => problem.field !== null))
  const [only] = told
  // One sentence about several fields is the whole story: it is the title, and the fields follow.
  const title =
    whole[0]?.message ??
    (told.length === 1 && only && only.places.length > 1
      ? only.message
      : say('form.errors', { count: told.reduce((sum, one) => sum + one.places.length, 0) }))
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="red"
      mb="lg"
      icon={<IconAlertTriangle size={18} />}
      title={title}
    >
      {hint && <Text size="sm">{hint}</Text>}
      {whole.slice(1).map((problem) => (
        <Text size="sm" key={problem.message}>
          {problem.message}
        </Text>
      ))}
      {told.length > 0 && (
        <List size="sm" spacing={2} mt={whole.length > 0 || hint ? 'xs' : 0}>
          {told.slice(0, mostTold).map((one) => (
            <List.Item key={one.message}>
              <Places told={one} placeOf={placeOf} onJump={onJump} />
              {one.message !== title && `: ${one.message}`}
            </List.Item>
          ))}
        </List>
      )}
      {told.length > mostTold && (
        <Text size="sm" mt={4}>
          {say('form.moreErrors', { count: told.length - mostTold })}
        </Text>
      )}
      {action}
      {requestId && (
        <Text size="xs" mt="xs">
          {say('app.requestId', { id: requestId })}
        </Text>
      )}
    </Alert>
  )
}

function Places({
  told,
  placeOf,
  onJump,
}: {
  told: ToldProblem
  placeOf(problem: FormProblem): string
  onJump(problem: FormProblem): void
}) {
  const { say } = useSpeech()
  const left = told.places.length - mostPlaces
  return (
    <>
      {told.places.slice(0, mostPlaces).map((place, at) => (
        <span key={`${place.field} ${place.below}`}>
          {at > 0 && say('form.listJoin')}
          <Anchor
            component="button"
            type="button"
            size="sm"
            c="inherit"
            underline="always"
            ta="left"
            onClick={() => onJump(place)}
          >
            {placeOf(place)}
          </Anchor>
        </span>
      ))}
      {left > 0 && ` ${say('form.morePlaces', { count: left })}`}
    </>
  )
}
