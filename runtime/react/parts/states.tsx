import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconInbox } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import { isProblem } from '../api/problem.ts'
import { useSpeech } from '../words/i18n.ts'

/** The place where something will stand while it loads: its shape, not a spinner. */
export function LoadingRows({ rows = 6, height = 20 }: { rows?: number; height?: number }) {
  const { say } = useSpeech()
  return (
    <Stack gap="sm" p="md" role="status" aria-label={say('app.loading')}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are all alike
        <Skeleton key={i} height={height} width={`${92 - ((i * 17) % 34)}%`} radius="sm" />
      ))}
    </Stack>
  )
}

/** Nothing to show, said calmly, with what to do about it. */
export function EmptyState({
  title,
  hint,
  icon: Icon = IconInbox,
  heading,
  children,
}: {
  title: string
  hint?: string
  /** It is all there is on the page: its title is the page's. */
  heading?: boolean
  icon?: ComponentType<{ size?: number; stroke?: number }>
  children?: ReactNode
}) {
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <Text c="dimmed" component="div" aria-hidden>
        <Icon size={36} stroke={1.25} />
      </Text>
      {heading ? (
        <Title order={1} size="h3">
          {title}
        </Title>
      ) : (
        <Text fw={550}>{title}</Text>
      )}
      {hint && (
        <Text size="sm" c="dimmed" maw={420}>
          {hint}
        </Text>
      )}
      {children && <Group mt="sm">{children}</Group>}
    </Stack>
  )
}

/** A call that failed: what happened, what to do, another try. */
export function FailedState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { say } = useSpeech()
  const problem = isProblem(error) ? error : null
  return (
    <Alert
      color="red"
      m="md"
      icon={<IconAlertTriangle size={18} />}
      role="alert"
      title={problem?.message ?? String(error)}
    >
      <Stack gap="xs" align="flex-start">
        {problem?.hint && <Text size="sm">{problem.hint}</Text>}
        {problem?.requestId && (
          <Text size="xs" c="dimmed">
            {say('app.requestId', { id: problem.requestId })}
          </Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {say('app.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** A titled surface. */
export function Panel({
  title,
  aside,
  children,
  flush,
  ...rest
}: {
  title?: ReactNode
  aside?: ReactNode
  children: ReactNode
  /** The content brings its own spacing: tables and lists. */
  flush?: boolean
  className?: string
}) {
  return (
    <section className={`cw-panel ${rest.className ?? ''}`}>
      {(title || aside) && (
        <div className="cw-panel-head">
          <Title order={2} size="h3">
            {title}
          </Title>
          {aside}
        </div>
      )}
      {flush ? children : <div className="cw-panel-body">{children}</div>}
    </section>
  )
}

/** Title of a page with what can be done on it. */
export function PageHead({
  title,
  note,
  children,
}: {
  title: ReactNode
  note?: ReactNode
  children?: ReactNode
}) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="md" wrap="wrap">
      <div style={{ minWidth: 0 }}>
        <Title order={1}>{title}</Title>
        {note && (
          <Text size="sm" c="dimmed" component="div" mt={2}>
            {note}
          </Text>
        )}
      </div>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  )
}
