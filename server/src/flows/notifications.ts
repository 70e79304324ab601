import type { Advance } from '@channelwright/runtime/flow/command.ts'
import type { FlowEvent, FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { sendMailJob } from '../jobs/send-mail.ts'
import { wantsMail } from '../mail/mailer.ts'
import { writePrepared } from '../records/run-prepared.ts'
import { nobody } from './engine-actor.ts'
import { perWorkspace } from './run-store.ts'

/** What people are told: something to do, a reminder of it, the end of what they submitted, a copy, what is stuck. */
export type NotificationKind = 'task' | 'reminded' | 'ended' | 'copied' | 'message' | 'incident'

export interface NewNotification {
  readonly recipient: string
  readonly kind: NotificationKind
  readonly run: string | null
  readonly task?: string | null
  readonly data?: JsonObject
}

/** Writes down what the people of a run are told of what a command changed, in its transaction. As the engine. */
export async function notify(
  unit: Unit,
  before: FlowRun | null,
  advanced: Extract<Advance, { kind: 'advanced' }>,
): Promise<void> {
  const { run, newTasks, changedTasks, events, told } = advanced
  const was = new Map(before?.tasks.map((task) => [task.id, task.state]))
  const notes: NewNotification[] = [...newTasks, ...changedTasks]
    .filter((task) => task.state === 'pending' && was.get(task.id) !== 'pending')
    .map((task) => ({ recipient: task.assignee, kind: 'task', run: run.id, task: task.id }))
  const fresh = new Set(notes.map((note) => note.task))
  const all = events.some((event) => event.type === 'reminded')
  const late = new Set(events.flatMap((event) => (isReminder(event) ? [event.task] : [])))
  if (all || late.size > 0)
    for (const task of run.tasks)
      if (task.state === 'pending' && !fresh.has(task.id) && (all || late.has(task.id)))
        notes.push({ recipient: task.assignee, kind: 'reminded', run: run.id, task: task.id })
  for (const recipient of told)
    notes.push({ recipient, kind: 'ended', run: run.id, data: { status: run.status } })
  const past = changedTasks.filter((task) => task.state !== 'pending' && was.get(task.id) === 'pending')
  await Promise.all([
    past.length > 0 && writePrepared(unit, readNotesText(unit), [past.map((task) => task.id), unit.now]),
    // Nobody is told what they did themselves.
    writeNotifications(
      unit,
      notes.filter((note) => note.recipient !== unit.actor.user || note.kind === 'task'),
    ),
  ])
}

/** By the clock: one task has waited for so long that its step says to remind. */
function isReminder({ type, data }: FlowEvent): boolean {
  return type === 'timed_out' && data.do === 'remind'
}

/** What said that a task waits is no news when it waits no longer, whoever dealt with it. */
const readNotesText = perWorkspace(
  (table) => `UPDATE ${table('notification')} SET read_at = $2::timestamptz
   WHERE task = ANY ($1::uuid[]) AND read_at IS NULL`,
)

const insertNotificationsText = perWorkspace(
  (table) => `INSERT INTO ${table('notification')} (id, recipient, kind, run, task, data, at, mail)
   SELECT id, recipient, kind, run, task, data, $2::timestamptz, $3 FROM jsonb_to_recordset($1::jsonb)
     AS n (id uuid, recipient uuid, kind text, run uuid, task uuid, data jsonb)`,
)

/** Tells people something, here and, where there is a way, by e-mail; in the transaction of the unit. */
export async function writeNotifications(unit: Unit, notes: readonly NewNotification[]): Promise<void> {
  const known = notes.filter((note) => note.recipient !== nobody)
  if (known.length === 0) return
  const mailed = wantsMail(unit.services.config)
  const rows = known.map((note) => ({
    id: unit.services.ids.next(),
    recipient: note.recipient,
    kind: note.kind,
    run: note.run,
    task: note.task ?? null,
    data: note.data ?? {},
  }))
  // One job for all of them: a step of a hundred people is no hundred jobs.
  if (mailed) enqueueJob(unit, sendMailJob, { notifications: rows.map((row) => row.id) })
  await unit.asEngine(async () => {
    const values = [JSON.stringify(rows), unit.now, mailed ? 'queued' : 'none']
    await writePrepared(unit, insertNotificationsText(unit), values)
  })
}
