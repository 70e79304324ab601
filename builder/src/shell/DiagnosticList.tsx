import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { Badge, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'

interface Props {
  readonly diagnostics: readonly Diagnostic[]
  /** Given: each entry is a button that shows the place. */
  readonly onReveal?: (diagnostic: Diagnostic) => void
}

/** What the checks say: what, where, and what to do about it. */
export function DiagnosticList({ diagnostics, onReveal }: Props) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  if (diagnostics.length === 0) return <Text c="dimmed">{t('noProblems')}</Text>
  return (
    <Stack gap="xs">
      {diagnostics.map((diagnostic) => (
        <UnstyledButton
          key={`${diagnostic.file}${diagnostic.code}${diagnostic.path}${diagnostic.message.en}`}
          className="cw-diagnostic"
          data-severity={diagnostic.severity}
          disabled={!onReveal}
          onClick={() => onReveal?.(diagnostic)}
        >
          <Group gap="xs" wrap="nowrap" align="start">
            <Badge
              size="sm"
              variant="light"
              color={diagnostic.severity === 'error' ? 'red' : 'yellow'}
              tt="none"
            >
              {diagnostic.code}
            </Badge>
            <Stack gap={2}>
              <Text size="sm">{diagnostic.message[locale]}</Text>
              {diagnostic.hint[locale] && (
                <Text size="xs" c="dimmed">
                  {diagnostic.hint[locale]}
                </Text>
              )}
              <Text size="xs" c="dimmed" ff="monospace">
                {[diagnostic.file, diagnostic.path].filter(Boolean).join(' ')}
              </Text>
            </Stack>
          </Group>
        </UnstyledButton>
      ))}
    </Stack>
  )
}
