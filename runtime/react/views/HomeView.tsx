import { Badge, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ViewDefinition } from '../../src/definition/view.ts'
import { addDays, localToInstant } from '../../src/fields/date-entry.ts'
import { isJsonObject, type Json } from '../../src/json.ts'
import type { Text as Words } from '../../src/text.ts'
import { FieldValue } from '../fields/cells.tsx'
import { formatAmount } from '../parts/amounts.ts'
import { hasFailed } from '../parts/failed.ts'
import { daysBetween, todayIn } from '../parts/moments.ts'
import { AppLink, LinkRegion, useNavigation } from '../parts/navigation.tsx'
import { FailedState, LoadingRows, PageHead, Panel } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { readField, useWorkspace } from '../workspace.tsx'
import { formatWindow, NextBand } from './EarningsView.tsx'
import { TaskList } from './inbox/TaskLines.tsx'
import { CreateMenu } from './TableView.tsx'
import { whereHeld } from './table/conditions.ts'

interface Card {
  readonly 'x-id': string
  readonly type: string
  readonly title: Words
  readonly object?: string
  readonly date?: string
  readonly within?: number
  readonly filter?: Json
  readonly fields?: readonly string[]
  readonly detail?: string
  readonly view?: string
  readonly plans?: readonly string[]
}

const faces: Readonly<Record<string, (props: { card: Card }) => ReactNode>> = {
  money: MoneyCard,
  deadlines: DeadlinesCard,
  tasks: TasksCard,
  count: CountCard,
}

/** The first page: what was earned, what ends soon, what waits. */
export function HomeView({ view }: { view: ViewDefinition }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const cards = (Array.isArray(view.cards) ? view.cards : []) as readonly Card[]
  const note = [portal.user.partner?.title, ...portal.user.roles.map((role) => role.title[locale])]
    .filter(Boolean)
    .join(' · ')
  return (
    <>
      <PageHead title={say('home.hello', { name: portal.user.name })} note={note}>
        <CreateMenu forms={portal.create.map((one) => one.form)} />
      </PageHead>
      <div className="cw-home">
        {[0, 1].map((column) => (
          <div key={column} className="cw-home-column">
            {cards.map((card, at) => {
              const Face = faces[card.type]
              return Face && at % 2 === column ? (
                <div key={card['x-id']} style={{ order: at }}>
                  <Face card={card} />
                </div>
              ) : null
            })}
          </div>
        ))}
      </div>
    </>
  )
}

function MoneyCard({ card }: { card: Card }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, portal } = useWorkspace()
  const navigation = useNavigation()
  const earnings = useQuery({
    queryKey: ['earnings', workspace],
    enabled: api !== null,
    queryFn: () => api!.readEarnings(),
  })
  const plans = earnings.data?.plans.filter((one) => !card.plans || card.plans.includes(one.plan)) ?? []
  const page = portal.menu.find((entry) => entry.type === 'earnings')
  const aside = page && <AppLink href={navigation.view(page.view)}>{page.title[locale]}</AppLink>
  return (
    <Panel title={card.title[locale]} aside={aside}>
      {earnings.isPending ? (
        <LoadingRows rows={3} />
      ) : hasFailed(earnings) ? (
        <FailedState error={earnings.error} onRetry={() => void earnings.refetch()} />
      ) : plans.length === 0 ? (
        <Text c="dimmed" size="sm">
          {say('money.none')}
        </Text>
      ) : (
        <Stack gap="lg">
          {plans.map((plan) => {
            const now = plan.windows.filter((one) => one.from === plan.current.from)
            return (
              <div key={plan.plan}>
                <Text size="sm" c="dimmed">
                  {plan.title[locale]} · {formatWindow(plan.current.from, plan.current.to, locale)}
                </Text>
                <div className="cw-figure">{formatAmount(plan.current.total, plan.currency)}</div>
                <Text size="sm" c="dimmed" mb="sm">
                  {say('money.total')}{' '}
                  <span className="cw-num">{formatAmount(plan.total, plan.currency)}</span>
                </Text>
                {plan.level === 'own' && now.length === 1 && now[0] && (
                  <NextBand window={now[0]} plan={plan} />
                )}
              </div>
            )
          })}
        </Stack>
      )}
    </Panel>
  )
}

/** Reads `protection.to` out of a record: the last day that still counts. */
function dayOf(record: Readonly<Record<string, Json>>, path: string): string | null {
  const [key = '', part] = path.split('.')
  const value = record[key] ?? null
  if (part && isJsonObject(value)) {
    const day = value[part]
    return typeof day === 'string' ? (part === 'to' ? addDays(day, -1) : day) : null
  }
  return typeof value === 'string' ? value.slice(0, 10) : null
}

function DeadlinesCard({ card }: { card: Card }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, portal, release } = useWorkspace()
  const navigation = useNavigation()
  const today = todayIn(portal.workspace.timeZone)
  const within = card.within ?? 30
  const object = card.object ?? ''
  const date = card.date ?? ''
  const dated = readField(release, object, date.split('.')[0] ?? '')
  // A period's `to` is the first day after: the last day lies within when that one does not lie beyond.
  const edge = date.endsWith('.to') ? 1 : 0
  const at = (day: string): Json =>
    dated?.['x-field'] === 'datetime' ? (localToInstant(day, portal.workspace.timeZone) ?? day) : day
  const soon = whereHeld(
    { var: date },
    [
      { '>=': [{ var: date }, at(addDays(today, edge))] },
      { '<=': [{ var: date }, at(addDays(today, within + edge))] },
    ],
    false,
  )
  const filter: Json = card.filter === undefined ? soon : { and: [card.filter, soon] }
  const query = { object, filter, sort: date, limit: 8, expand: '*' }
  const known = release.objects[object] !== undefined
  const found = useQuery({
    queryKey: ['records', workspace, 'deadlines', query],
    enabled: api !== null && known,
    queryFn: () => api!.listRecords(query),
  })
  if (!known) return null
  const fields = (card.fields ?? []).flatMap((key) => {
    const field = readField(release, object, key)
    return field ? [{ key, field }] : []
  })
  const [head, ...rest] = fields
  const detail = card.detail && release.views[card.detail] ? card.detail : null
  return (
    <Panel title={card.title[locale]} flush>
      {found.isPending ? (
        <LoadingRows rows={3} />
      ) : hasFailed(found) ? (
        <FailedState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data.records.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {say('home.deadlines.empty', { days: within })}
        </Text>
      ) : (
        <LinkRegion>
          {found.data.records.map((record) => {
            const day = dayOf(record, date)
            const left = day ? daysBetween(today, day) : 0
            return (
              <div key={record.id} className="cw-card cw-card-tap cw-source">
                <div style={{ minWidth: 0 }}>
                  {head &&
                    (detail ? (
                      <a className="cw-row-link cw-stretch" href={navigation.record(detail, record.id)}>
                        <FieldValue value={record[head.key]} field={head.field} titles={found.data.titles} />
                      </a>
                    ) : (
                      <FieldValue value={record[head.key]} field={head.field} titles={found.data.titles} />
                    ))}
                  <Text size="sm" c="dimmed" component="div" className="cw-dots">
                    {rest.map(({ key, field }) => (
                      <span key={key}>
                        <FieldValue value={record[key]} field={field} titles={found.data.titles} />
                      </span>
                    ))}
                  </Text>
                </div>
                <Badge color={left <= 7 ? 'red' : left <= 14 ? 'amber' : 'gray'} style={{ flex: 'none' }}>
                  {left < 0
                    ? say('home.over')
                    : left === 0
                      ? say('home.today')
                      : say('home.days', { count: left })}
                </Badge>
              </div>
            )
          })}
        </LinkRegion>
      )}
    </Panel>
  )
}

function TasksCard({ card }: { card: Card }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const tasks = useQuery({
    queryKey: ['tasks', workspace, 'home'],
    enabled: api !== null,
    queryFn: () => api!.listTasks({ state: 'todo', limit: 5 }),
  })
  const waiting = tasks.data?.counts.todo ?? 0
  return (
    <Panel
      title={
        <span className="cw-counted">
          {card.title[locale]}
          {waiting > 0 && (
            <Badge variant="filled" circle={waiting < 10}>
              {waiting}
            </Badge>
          )}
        </span>
      }
      aside={<AppLink href={navigation.inbox()}>{say('home.tasks.all')}</AppLink>}
      flush
    >
      {tasks.isPending ? (
        <LoadingRows rows={3} />
      ) : hasFailed(tasks) ? (
        <FailedState error={tasks.error} onRetry={() => void tasks.refetch()} />
      ) : tasks.data.tasks.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {say('home.tasks.empty')}
        </Text>
      ) : (
        <TaskList tasks={tasks.data.tasks} />
      )}
    </Panel>
  )
}

function CountCard({ card }: { card: Card }) {
  const { locale } = useSpeech()
  const { api, key: workspace, release } = useWorkspace()
  const navigation = useNavigation()
  const object = card.object ?? ''
  const known = release.objects[object] !== undefined
  const count = useQuery({
    queryKey: ['records', workspace, 'count', object, card.filter],
    enabled: api !== null && known,
    queryFn: () => api!.listRecords({ object, filter: card.filter, limit: 1, count: true }),
  })
  if (!known) return null
  const view = card.view && release.views[card.view] ? release.views[card.view] : undefined
  const value = count.data?.count
  return (
    <Panel
      title={card.title[locale]}
      aside={view && <AppLink href={navigation.view(view.key)}>{view.title[locale]}</AppLink>}
    >
      {count.isPending ? (
        <LoadingRows rows={1} />
      ) : hasFailed(count) ? (
        <FailedState error={count.error} onRetry={() => void count.refetch()} />
      ) : (
        <div className="cw-figure">
          {value?.value ?? 0}
          {value?.more ? '+' : ''}
        </div>
      )}
    </Panel>
  )
}
