import { List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ExplainedPart, Explanation } from '../../src/api/incentives.ts'
import { useFace } from '../../src/fields/face.tsx'
import { formatDate } from '../../src/fields/shared.ts'
import { formatAmount, formatMeasure, formatRate } from '../parts/amounts.ts'
import { hasFailed } from '../parts/failed.ts'
import { AppLink } from '../parts/navigation.tsx'
import { FailedState, LoadingRows } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { formatWindow } from './EarningsView.tsx'

/** From an amount down to the records it came from: sentences, the arithmetic band by band, the sources. */
export function ExplainView({ entry }: { entry: string }) {
  const { api, key: workspace } = useWorkspace()
  const explanation = useQuery({
    queryKey: ['explanation', workspace, entry],
    enabled: api !== null,
    queryFn: () => api!.readExplanation(entry),
  })
  if (explanation.isPending) return <LoadingRows rows={7} />
  if (hasFailed(explanation))
    return <FailedState error={explanation.error} onRetry={() => void explanation.refetch()} />
  return <Explained explanation={explanation.data} />
}

/** The explanation itself, for callers that hold it already. */
export function Explained({
  explanation,
  sample = false,
}: {
  explanation: Explanation
  /** Of figures that somebody tries: no record stands behind them. */
  sample?: boolean
}) {
  const { say, locale } = useSpeech()
  const { entry, plan, parts, records, hidden, sentences } = explanation
  const slices = parts.filter(
    (part): part is ExplainedPart & { slice: NonNullable<ExplainedPart['slice']> } => Boolean(part.slice),
  )
  const others = parts.filter((part) => !part.slice)
  return (
    <Stack gap="xl">
      <div>
        <Text size="sm" c="dimmed">
          {plan.title[locale]} · {formatWindow(entry.window_from, entry.window_to, locale)}
        </Text>
        <div className="cw-figure">{formatAmount(entry.amount, entry.currency)}</div>
        {/* Figures of a preview or a trial come from no release. */}
        {plan.release > 0 && (
          <Text size="xs" c="dimmed">
            {say('explain.release', { number: plan.release })}
          </Text>
        )}
      </div>
      <List type="ordered" spacing={6} size="sm">
        {sentences[locale].map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
      {slices.length > 0 && (
        <section>
          <Title order={3} size="h4" mb="xs">
            {say('explain.slices')}
          </Title>
          <div className="cw-scroll cw-panel">
            <table className="cw-table cw-steps-table">
              <thead>
                <tr>
                  <th scope="col">{say('explain.band')}</th>
                  <th scope="col" className="cw-right">
                    {say('explain.slice')}
                  </th>
                  <th scope="col" className="cw-right">
                    {say(slices[0]?.slice.unit === 'fixed' ? 'explain.fixed' : 'explain.rate')}
                  </th>
                  <th scope="col" className="cw-right">
                    {say('explain.amount')}
                  </th>
                </tr>
              </thead>
              <tbody className="cw-num">
                {slices.map(({ slice, amount }) => (
                  <tr key={slice.row}>
                    <td>
                      {formatMeasure(slice.from)}{' '}
                      {slice.to === null ? say('explain.open') : `– ${formatMeasure(slice.to)}`}
                    </td>
                    <td className="cw-right">{formatMeasure(slice.slice)}</td>
                    <td className="cw-right">
                      {slice.unit === 'rate'
                        ? formatRate(slice.value)
                        : formatAmount(slice.value, entry.currency)}
                    </td>
                    <td className="cw-right cw-nowrap">{formatAmount(amount, entry.currency)}</td>
                  </tr>
                ))}
                {others.map((part) => (
                  <tr key={part.kind}>
                    <td colSpan={3}>{part.text[locale]}</td>
                    <td className="cw-right cw-nowrap">{formatAmount(part.amount, entry.currency)}</td>
                  </tr>
                ))}
              </tbody>
              <tfoot className="cw-num">
                <tr>
                  <td colSpan={3}>
                    <b>{say('explain.result')}</b>
                  </td>
                  <td className="cw-right cw-nowrap">
                    <b>{formatAmount(explanation.amount, entry.currency)}</b>
                  </td>
                </tr>
                {explanation.before !== '0' && !/^0(\.0+)?$/.test(explanation.before) && (
                  <>
                    <tr>
                      <td colSpan={3}>{say('explain.before')}</td>
                      <td className="cw-right cw-nowrap">
                        {formatAmount(explanation.before, entry.currency)}
                      </td>
                    </tr>
                    <tr>
                      <td colSpan={3}>
                        <b>{say('explain.step')}</b>
                      </td>
                      <td className="cw-right">
                        <b>{formatAmount(entry.amount, entry.currency)}</b>
                      </td>
                    </tr>
                  </>
                )}
              </tfoot>
            </table>
          </div>
        </section>
      )}
      {!sample && <Sources records={records} hidden={hidden} />}
    </Stack>
  )
}

function Sources({ records, hidden }: Pick<Explanation, 'records' | 'hidden'>) {
  const { say, locale } = useSpeech()
  const face = useFace()
  return (
    <section>
      <Title order={3} size="h4" mb="xs">
        {say('explain.sources')}
      </Title>
      {records.length === 0 && (
        <Text size="sm" c="dimmed">
          {say('explain.noSources')}
        </Text>
      )}
      <div className={records.length > 0 ? 'cw-panel' : undefined}>
        {records.map((record) => {
          const href = face.recordHref(record.object, record.id)
          return (
            <div className="cw-card" key={record.id}>
              <div className="cw-source">
                <span>
                  {href ? <AppLink href={href}>{record.title}</AppLink> : record.title}
                  <Text size="xs" c="dimmed">
                    {formatDate(record.day, locale)}
                    {record.before ? ` · ${say('explain.paidBefore')}` : ''}
                  </Text>
                </span>
                <span className="cw-num">{tellValues(Object.values(record.values))}</span>
              </div>
            </div>
          )
        })}
      </div>
      {hidden > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {say('explain.hidden', { count: hidden })}
        </Text>
      )}
    </section>
  )
}

/** What a record adds to the measures; that it counts as one goes without saying beside an amount. */
function tellValues(values: readonly string[]): string {
  const telling = values.length > 1 ? values.filter((value) => value !== '1') : values
  return (telling.length > 0 ? telling : values).map(formatMeasure).join(' · ')
}
