import type { CaseProblem, CaseResult } from '@channelwright/runtime/api/definitions.ts'
import { Badge, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import { PageLink } from '../shell/PageLink.tsx'

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
            <Stack gap={2} style={{ minWidth: 0 }}>
              <PageLink
                to="/definition"
                search={{
                  pack: one.pack,
                  path: one.path,
                  ...(one.failure ? { at: one.failure.pointer } : {}),
                }}
                size="sm"
              >
                {one.title[locale]}
              </PageLink>
              <Text size="xs" c="dimmed" className="cw-path">
                {one.pack}/{one.path}
                {one.failure ? `:${one.failure.line}` : ''} · {one.milliseconds} ms
              </Text>
              {one.failure && <Failure failure={one.failure} />}
            </Stack>
          </Group>
        ))}
    </Stack>
  )
}

/** Where the case failed, and what was expected there: the same as `cw pack test` prints. */
function Failure({ failure }: { failure: CaseProblem }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const { step, pointer, message, difference } = failure
  return (
    <>
      <Text size="xs" c="dimmed" className="cw-path">
        {t('step', { number: step })} {pointer}
      </Text>
      {difference ? (
        <>
          <Text size="sm" c="var(--mantine-color-error)">
            {difference.what[locale]}
          </Text>
          <dl className="cw-case-difference">
            <dt>{t('caseExpected')}</dt>
            <dd>{difference.expected}</dd>
            <dt>{t('caseFound')}</dt>
            <dd>{difference.found}</dd>
          </dl>
        </>
      ) : (
        <Text size="sm" c="var(--mantine-color-error)">
          {message[locale]}
        </Text>
      )}
    </>
  )
}
