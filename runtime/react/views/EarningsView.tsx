import { Badge, Button, Drawer, Group, Progress, Select, SimpleGrid, Text } from '@mantine/core'
import { IconCoins, IconHelpCircle } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LedgerEntryJson, PlanEarnings, WindowEarnings } from '../../src/api/incentives.ts'
import type { ViewDefinition } from '../../src/definition/view.ts'
import { formatDate } from '../../src/fields/shared.ts'
import { formatAmount, formatMeasure, formatRate, shareOf } from '../parts/amounts.ts'
import { hasFailed } from '../parts/failed.ts'
import { formatMoment } from '../parts/moments.ts'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../parts/states.tsx'
import { gatherPages } from '../parts/titled-pages.ts'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { ExplainView } from './ExplainView.tsx'

type Titles = Readonly<Record<string, string>>

/** What was earned: each plan with its present window and the way to the next band, then every entry. */
export function EarningsView({ view }: { view: ViewDefinition }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const wanted = Array.isArray(view.plans) ? (view.plans as string[]) : null
  const [plan, setPlan] = useState<string | null>(null)
  const earnings = useQuery({
    queryKey: ['earnings', workspace],
    enabled: api !== null,
    queryFn: () => api!.readEarnings(),
  })
  if (earnings.isPending) return <LoadingRows rows={8} />
  if (hasFailed(earnings))
    return <FailedState error={earnings.error} onRetry={() => void earnings.refetch()} />
  const plans = earnings.data.plans.filter((one) => !wanted || wanted.includes(one.plan))
  const chosen = plans.find((one) => one.plan === plan) ?? plans[0]
  return (
    <>
      <PageHead title={view.title[locale]}>
        {plans.length > 1 && (
          <Select
            aria-label={say('money.plan')}
            data={plans.map((one) => ({ value: one.plan, label: one.title[locale] }))}
            value={chosen?.plan ?? null}
            allowDeselect={false}
            onChange={setPlan}
          />
        )}
      </PageHead>
      {chosen ? (
        <>
          <PlanSummary plan={chosen} titles={earnings.data.titles} />
          <LedgerList plan={chosen.plan} />
        </>
      ) : (
        <EmptyState icon={IconCoins} title={say('money.none')} hint={say('money.noneHint')} />
      )}
    </>
  )
}

function PlanSummary({ plan, titles }: { plan: PlanEarnings; titles: Titles }) {
  const { say, locale } = useSpeech()
  const now = plan.windows.filter((one) => one.from === plan.current.from)
  const single = plan.level === 'own' && now.length === 1 ? now[0] : undefined
  return (
    <SimpleGrid cols={{ base: 1, sm: single ? 3 : 2 }} spacing="md" mb="md">
      <Panel>
        <Text size="sm" c="dimmed">
          {formatWindow(plan.current.from, plan.current.to, locale)}
        </Text>
        <div className="cw-figure">{formatAmount(plan.current.total, plan.currency)}</div>
        <Text size="sm">{plan.title[locale]}</Text>
      </Panel>
      {single && (
        <Panel>
          <NextBand window={single} plan={plan} />
        </Panel>
      )}
      <Panel>
        <Text size="sm" c="dimmed">
          {say('money.total')}
        </Text>
        <div className="cw-figure">{formatAmount(plan.total, plan.currency)}</div>
        {plan.level === 'all' && plan.windows[0] && (
          <Text size="sm" c="dimmed">
            {[
              ...new Set(
                plan.windows
                  .slice(0, 3)
                  .map((one) => titles[one.earner])
                  .filter(Boolean),
              ),
            ].join(locale === 'zh' ? '、' : ', ')}
          </Text>
        )}
      </Panel>
    </SimpleGrid>
  )
}

/** How far it is to the band above. */
export function NextBand({ window, plan }: { window: WindowEarnings; plan: PlanEarnings }) {
  const { say } = useSpeech()
  const { next } = window
  if (!next) {
    return (
      <Text size="sm" c="dimmed">
        {say('money.top')}
      </Text>
    )
  }
  const have = window.measures[next.measure] ?? '0'
  const value = next.unit === 'rate' ? formatRate(next.value) : formatAmount(next.value, plan.currency)
  return (
    <>
      <Text size="sm" c="dimmed" mb={6}>
        {say('money.measure', { value: formatMeasure(have) })}
      </Text>
      <Progress value={shareOf(have, next.lacks)} size="md" aria-label={say('money.progress')} />
      <Text size="sm" mt={8}>
        {say('money.next', { distance: formatMeasure(next.lacks), value })}
      </Text>
    </>
  )
}

interface LedgerListProps {
  readonly plan?: string
  readonly record?: string
  /** Until when entries may still come, in ms since 1970. */
  readonly freshUntil?: number
}

/** Every entry that was booked, each with the way to how it came about. */
export function LedgerList({ plan, record, freshUntil = 0 }: LedgerListProps) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, portal } = useWorkspace()
  const [explained, setExplained] = useState<string | null>(null)
  const pages = useInfiniteQuery({
    queryKey: ['ledger', workspace, plan, record],
    enabled: api !== null,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api!.listLedger({ plan, record, cursor: pageParam, limit: 30 }),
    refetchInterval: () => (Date.now() < freshUntil ? 1_500 : false),
    getNextPageParam: (last) => last.next,
  })
  const { entries, titles } = gatherPages(pages.data?.pages)
  return (
    <>
      <Panel title={record ? say('detail.earnings') : say('money.ledger')} flush>
        {pages.isPending ? (
          <LoadingRows rows={record ? 2 : 6} />
        ) : hasFailed(pages) ? (
          <FailedState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : entries.length === 0 ? (
          record ? (
            <Text size="sm" c="dimmed" p="md">
              {say('detail.noEarnings')}
            </Text>
          ) : (
            <EmptyState icon={IconCoins} title={say('money.none')} hint={say('money.noneHint')} />
          )
        ) : (
          entries.map((entry) => (
            <EntryRow
              key={entry.id}
              entry={entry}
              titles={titles}
              moment={formatMoment(entry.posted_at, locale, portal.workspace.timeZone)}
              onExplain={() => setExplained(entry.id)}
            />
          ))
        )}
        {pages.hasNextPage && (
          <Group justify="center" p="xs">
            <Button
              variant="subtle"
              loading={pages.isFetchingNextPage}
              onClick={() => void pages.fetchNextPage()}
            >
              {say(pages.isFetchNextPageError ? 'app.retry' : 'table.more')}
            </Button>
          </Group>
        )}
      </Panel>
      <Drawer
        opened={explained !== null}
        onClose={() => setExplained(null)}
        position="right"
        size="lg"
        title={<Text fw={600}>{say('explain.title')}</Text>}
        closeButtonProps={{ 'aria-label': say('app.close') }}
      >
        {explained && <ExplainView entry={explained} />}
      </Drawer>
    </>
  )
}

function EntryRow({
  entry,
  titles,
  moment,
  onExplain,
}: {
  entry: LedgerEntryJson
  titles: Titles
  moment: string
  onExplain(): void
}) {
  const { say, locale } = useSpeech()
  const earner = titles[entry.earner]
  return (
    <div className="cw-card">
      <div className="cw-entry">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={550}>
            {entry.reason[locale]}
          </Text>
          <Text size="xs" c="dimmed">
            {[
              earner,
              entry.plan_title[locale],
              formatWindow(entry.window_from, entry.window_to, locale),
              moment,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </div>
        <Group gap="sm" wrap="nowrap" justify="flex-end">
          {entry.kind === 'adjust' && (
            <Badge color="amber" size="sm">
              {say('money.adjusted')}
            </Badge>
          )}
          <span className="cw-figure-small cw-nowrap">{formatAmount(entry.amount, entry.currency)}</span>
        </Group>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconHelpCircle size={16} />}
          onClick={onExplain}
        >
          {say('money.how')}
        </Button>
      </div>
    </div>
  )
}

/** A window as people name it: a month, a quarter, a year, else its days. */
export function formatWindow(from: string, to: string, locale: 'en' | 'zh'): string {
  const year = from.slice(0, 4)
  const [first, last] = [Number(from.slice(5, 7)), Number(to.slice(5, 7))]
  const whole = from.endsWith('-01') && year === to.slice(0, 4)
  if (whole && first === 1 && last === 12 && to.endsWith('-31')) return locale === 'zh' ? `${year}年` : year
  if (whole && last - first === 2 && first % 3 === 1 && Number(to.slice(8)) >= 30) {
    const quarter = (first + 2) / 3
    return locale === 'zh' ? `${year}年第${'一二三四'[quarter - 1]}季度` : `Q${quarter} ${year}`
  }
  if (from === to) return formatDate(from, locale)
  return `${formatDate(from, locale)} – ${formatDate(to, locale)}`
}
