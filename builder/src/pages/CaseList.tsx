import type { CaseResult } from '@channelwright/runtime/api/definitions.ts'
import { Badge, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'

export function CaseList({ cases }: { cases: readonly CaseResult[] }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  return (
    <Stack gap="sm">
      <Text fw={600}>
        {t('casesPassed', { passed: cases.filter((one) => one.passed).length, total: cases.length })}
      </Text>
      {/* What failed is what one came for. */}
      {[...cases]
        .sort((a, b) => Number(a.passed) - Number(b.passed))
        .map((one) => (
          <Group key={`${one.pack}/${one.path}`} gap="sm" wrap="nowrap" align="start">
            <Badge color={one.passed ? 'teal' : 'red'} style={{ flexShrink: 0 }}>
              {t(one.passed ? 'passed' : 'failed')}
            </Badge>
            <Stack gap={2}>
              <Text size="sm">{one.title[locale]}</Text>
              <Text size="xs" c="dimmed" className="cw-path">
                {one.pack}/{one.path} · {one.milliseconds} ms
              </Text>
              {one.failure && (
                <Text size="sm" c="var(--mantine-color-error)">
                  {t('step', { number: one.failure.step })}: {one.failure.message[locale]}
                </Text>
              )}
            </Stack>
          </Group>
        ))}
    </Stack>
  )
}
