import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { Badge, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'

interface Props {
  readonly diagnostics: readonly Diagnostic[]
  /** Given: each entry is a button that shows the place. */
  readonly onReveal?: (diagnostic: Diagnostic) => void
  /** Given: what can be mended has a button that does so. */
  readonly onFix?: (fix: NonNullable<Diagnostic['fix']>) => void
}

/** Whoever has more to solve begins with these. */
const most = 200

/** What the checks say: what, where, and what to do about it. */
export function DiagnosticList({ diagnostics, onReveal, onFix }: Props) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  if (diagnostics.length === 0) return <Text c="dimmed">{t('noProblems')}</Text>
  return (
    <Stack gap="xs">
      {diagnostics.slice(0, most).map((diagnostic) => (
        <div
          key={`${diagnostic.file}${diagnostic.code}${diagnostic.path}${diagnostic.message.en}`}
          className="cw-diagnostic"
          data-severity={diagnostic.severity}
        >
          {onReveal ? (
            <UnstyledButton onClick={() => onReveal(diagnostic)} className="cw-diagnostic-jump">
              <DiagnosticText diagnostic={diagnostic} />
            </UnstyledButton>
          ) : (
            <DiagnosticText diagnostic={diagnostic} />
          )}
          {diagnostic.fix && onFix && (
            <Button
              size="compact-sm"
              variant="light"
              mt={6}
              onClick={() => diagnostic.fix && onFix(diagnostic.fix)}
            >
              {diagnostic.fix.title[locale]}
            </Button>
          )}
        </div>
      ))}
      {diagnostics.length > most && (
        <Text size="sm" c="dimmed">
          {t('moreProblems', { count: diagnostics.length - most })}
        </Text>
      )}
    </Stack>
  )
}

function DiagnosticText({ diagnostic }: { diagnostic: Diagnostic }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const { file, path, line, column } = diagnostic
  const place = line === undefined ? '' : t('lineColumn', { line, column: column ?? 1 })
  return (
    <Group gap="xs" wrap="nowrap" align="start">
      <Badge size="sm" color={diagnostic.severity === 'error' ? 'red' : 'amber'}>
        {t(diagnostic.severity)}
      </Badge>
      <Stack gap={2} style={{ minWidth: 0 }}>
        <Text size="sm">{diagnostic.message[locale]}</Text>
        {diagnostic.hint[locale] && (
          <Text size="xs" c="dimmed">
            {diagnostic.hint[locale]}
          </Text>
        )}
        <Text size="xs" c="dimmed" className="cw-path">
          {[place, file, path, diagnostic.code].filter(Boolean).join(' · ')}
        </Text>
      </Stack>
    </Group>
  )
}
