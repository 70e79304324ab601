import type { NotificationItem, NotificationPage } from '@channelwright/runtime/api/flows.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import { namePeople } from '../records/people.ts'
import { readyFlow } from './flow-data.ts'
import { readCursor, writeCursor } from './inbox-filter.ts'
import { aboutCase, type NotificationData, saidBy, sayCounted, statusWord } from './notification-words.ts'
import { recordTitles } from './record-titles.ts'
import { flowTable } from './run-store.ts'
import { hidesTitle } from './task-screen.ts'

interface NoteRow {
  readonly id: string
  readonly kind: string
  readonly run: string | null
  readonly task: string | null
  readonly data: NotificationData
  readonly at: string
  readonly read_at: string | null
}

interface RunOfNote {
  readonly id: string
  readonly flow: string
  readonly release: number
  readonly object: string
  readonly record: string
  readonly applicant: string
}

/** What the person was told, newest first. Throws CURSOR_INVALID. */
export async function listNotifications(
  unit: Unit,
  query: { readonly limit?: number; readonly cursor?: string },
): Promise<NotificationPage> {
  const limit = query.limit ?? 50
  const after = query.cursor === undefined ? null : readCursor(query.cursor)
  const [rows, unread] = await Promise.all([
    unit.query<NoteRow>(
      `SELECT id, kind, run, task, data, at, read_at FROM ${flowTable(unit, 'notification')}
       WHERE recipient = $1 AND ($2::timestamptz IS NULL OR (at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY at DESC, id DESC LIMIT $4`,
      [unit.actor.user, after?.at ?? null, after?.id ?? null, limit + 1],
    ),
    countUnread(unit),
  ])
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    notifications: await describe(unit, page),
    next: last === undefined ? null : writeCursor(last.at, last.id),
    unread,
  }
}

/** Null: all of them. Answers how many are left. */
export async function markNotificationsRead(unit: Unit, ids: readonly string[] | null): Promise<number> {
  await unit.asEngine(() =>
    unit.query(
      `UPDATE ${flowTable(unit, 'notification')} SET read_at = $2
       WHERE recipient = $1 AND read_at IS NULL AND ($3::uuid[] IS NULL OR id = ANY ($3))`,
      [unit.actor.user, unit.now, ids && [...ids]],
    ),
  )
  return countUnread(unit)
}

async function countUnread(unit: Unit): Promise<number> {
  const [row] = await unit.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM ${flowTable(unit, 'notification')} WHERE recipient = $1 AND read_at IS NULL`,
    [unit.actor.user],
  )
  return row?.count ?? 0
}

async function describe(unit: Unit, rows: readonly NoteRow[]): Promise<NotificationItem[]> {
  const ids = [...new Set(rows.flatMap((row) => row.run ?? []))]
  // The names of flow and applicant were told to them with the task; the record only as they may read it.
  const runs = await unit.asEngine(() =>
    unit.query<RunOfNote>(
      `SELECT id, flow, release, object, record, applicant FROM ${flowTable(unit, 'run')} WHERE id = ANY ($1::uuid[])`,
      [ids],
    ),
  )
  const tasks = await unit.query<{ id: string; node: string; assignee: string }>(
    `SELECT id, node, assignee FROM ${flowTable(unit, 'task')} WHERE id = ANY ($1::uuid[])`,
    [rows.flatMap((row) => row.task ?? [])],
  )
  const [titles, names] = [
    await recordTitles(unit, runs),
    await namePeople(
      unit,
      runs.map((run) => run.applicant),
    ),
  ]
  const items: NotificationItem[] = []
  for (const row of rows) {
    const run = runs.find((one) => one.id === row.run)
    const task = tasks.find((one) => one.id === row.task)
    const served = run && (await unit.services.releases.at(unit.served.workspace.key, run.release))
    const flow = served && run && readyFlow(served, run.flow).flow
    const node = flow && graphOf(flow).nodes.get(task?.node ?? row.data.node ?? '')?.title
    // A step may hide what names its record.
    const hides = served && run && task && hidesTitle(served, run.flow, task.node, run.object)
    const title = hides ? undefined : run && titles.get(run.record)
    const say = (locale: Locale) =>
      sayCounted(row.data, locale) ??
      saidBy(row.data, locale) ??
      formatText(sentences[row.data.left ? 'left' : row.kind] ?? sentences.message!, locale, {
        step: node?.[locale] ?? '',
        flow: flow?.title[locale] ?? '',
        title: title ?? '',
        about: flow ? aboutCase(flow.title, title, locale) : '',
        applicant: (run && names.get(run.applicant)) ?? '',
        status: statusWord(row.data.status, locale),
      }).trim()
    items.push({
      id: row.id,
      kind: row.kind,
      sentence: { en: say('en'), zh: say('zh') },
      task: task?.assignee === unit.actor.user ? task.id : null,
      run: row.run,
      at: row.at,
      read_at: row.read_at,
    })
  }
  return items
}

const sentences: Readonly<Record<string, Text>> = {
  task: { en: '{step} waits for you: {title}', zh: '待办:{step} {title}' },
  reminded: { en: 'You were reminded: {step} {title}', zh: '催办:{step} {title}' },
  ended: { en: '{flow} of {title}: {status}', zh: '{flow} {title}:{status}' },
  copied: { en: 'For your information: {flow} {title}', zh: '抄送:{flow} {title}' },
  message: { en: '{flow} {title}', zh: '{flow} {title}' },
  left: { en: 'Failed and left at "{step}": {about}', zh: '执行失败已跳过:{about},“{step}”' },
  incident: { en: 'Stuck at "{step}": {about}', zh: '流程异常:{about},停在“{step}”' },
}
