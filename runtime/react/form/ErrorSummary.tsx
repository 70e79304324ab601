import { Alert, Anchor, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, type Ref, useImperativeHandle, useRef } from 'react'
import { useSpeech } from '../words/i18n.ts'
import type { FormProblem } from './problems.ts'

/** All that needs attention, each with a way to it. Takes the focus when a step or a submit was refused. */
export function ErrorSummary({
  problems,
  hint,
  requestId,
  titleOf,
  onJump,
  action,
  ref,
}: {
  problems: readonly FormProblem[]
  hint?: string
  requestId?: string | null
  titleOf(field: string): string
  onJump(field: string): void
  action?: ReactNode
  ref?: Ref<{ focus(): void }>
}) {
  const { say } = useSpeech()
  const box = useRef<HTMLDivElement>(null)
  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), [])
  if (problems.length === 0) return null
  const whole = problems.filter((problem) => problem.field === null)
  const placed = problems.filter((problem) => problem.field !== null)
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="red"
      mb="lg"
      icon={<IconAlertTriangle size={18} />}
      title={whole[0]?.message ?? say('form.errors', { count: placed.length })}
    >
      {hint && <Text size="sm">{hint}</Text>}
      {whole.slice(1).map((problem) => (
        <Text size="sm" key={problem.message}>
          {problem.message}
        </Text>
      ))}
      {placed.length > 0 && (
        <List size="sm" spacing={2} mt={whole.length > 0 ? 'xs' : 0}>
          {placed.map(({ field, message }) => (
            <List.Item key={`${field} ${message}`}>
              <Anchor
                component="button"
                type="button"
                size="sm"
                c="inherit"
                underline="always"
                ta="left"
                onClick={() => onJump(field ?? '')}
              >
                {titleOf(field ?? '')}
              </Anchor>
              {message !== whole[0]?.message && `: ${message}`}
            </List.Item>
          ))}
        </List>
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
