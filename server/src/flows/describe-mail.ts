import type { TaskReply } from '@channelwright/runtime/api/flows.ts'
import { instantToLocal } from '@channelwright/runtime/fields/date-entry.ts'
import { formatDate } from '@channelwright/runtime/fields/shared.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { formatText, type Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import { readyFlow } from './flow-data.ts'
import { writeMailLink } from './mail-links.ts'
import { aboutCase, type NotificationData, saidBy, sayCounted, statusWord } from './notification-words.ts'
import { recordTitles } from './record-titles.ts'
import { describeIncident } from './run-lines.ts'
import { readRun } from './run-store.ts'
import { getTask } from './tasks.ts'

/** A notification as it is written down. */
export interface MailedNote {
  readonly kind: string
  readonly run: string | null
  readonly task: string | null
  readonly data: NotificationData
}

export interface Link {
  readonly label: string
  readonly href: string
}

export interface MailText {
  readonly subject: string
  readonly lines: readonly string[]
  /** The page of it first. */
  readonly links: readonly Link[]
}

/**
 * What an e-mail says, with the recipient's own rights: nothing that they could not see here. Null where there is
 * nothing to be said any more.
 */
export async function describeMail(unit: Unit, note: MailedNote): Promise<MailText | null> {
  if (note.task !== null) return describeTask(unit, note, note.task)
  if (note.run !== null) return describeRun(unit, note, note.run)
  return describeNews(unit, note)
}

async function describeTask(unit: Unit, { kind }: MailedNote, id: string): Promise<MailText | null> {
  const { locale } = unit.actor
  const task = await getTask(unit, id).catch(() => null)
  if (task === null || task.state !== 'pending') return null
  const values = {
    step: task.node.title[locale],
    title: task.title ?? '',
    about: aboutCase(task.flow.title, task.title, locale),
    applicant: task.applicant.name ?? words.somebody[locale],
    due: task.due_at === null ? '' : sayMoment(unit, task.due_at),
  }
  const say = (text: Text) => formatText(text, locale, values)
  return {
    subject: say(kind === 'reminded' ? words.reminded : task.title ? words.task : words.taskAlone),
    lines: [say(words.taskLine), ...(task.due_at === null ? [] : [say(words.dueLine)])],
    links: [openLink(unit, `inbox/${task.id}`), ...decisionLinks(unit, task)],
  }
}

/** The names of flow and steps are told to whoever is told of the case; the record only as they may read it. */
async function describeRun(unit: Unit, { kind, data }: MailedNote, id: string): Promise<MailText | null> {
  const { locale } = unit.actor
  const run = await unit.asEngine(() => readRun(unit, id, 'look'))
  if (run === undefined) return null
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const { flow } = readyFlow(served, run.flow)
  const title = (await recordTitles(unit, [run])).get(run.record)
  const about = aboutCase(flow.title, title, locale)
  const links = [openLink(unit, `runs/${run.id}`)]
  const say = (text: Text, values: Record<string, unknown> = {}) =>
    formatText(text, locale, { about, ...values })
  switch (kind) {
    case 'incident': {
      if (data.left !== undefined) {
        const step = graphOf(flow).nodes.get(data.node ?? '')?.title[locale] ?? ''
        const message = data.left.reason?.[locale] ?? ''
        return { subject: say(words.left), lines: [say(words.leftLine, { step, message })], links }
      }
      const step = run.activations.findLast(({ node, incident }) => node === data.node && incident !== null)
      // It was mended meanwhile.
      if (step?.incident == null) return null
      const { message } = describeIncident(step.incident)
      const values = {
        step: graphOf(flow).nodes.get(step.node)?.title[locale] ?? '',
        message: message[locale],
      }
      return { subject: say(words.stuck), lines: [say(words.stuckLine, values)], links }
    }
    case 'message': {
      const heading = data.title?.[locale] ?? ''
      const named = heading.includes(title ?? about) ? heading : say(words.messageAbout, { heading })
      return { subject: heading ? named : about, lines: [data.text?.[locale] || heading || about], links }
    }
    case 'ended': {
      const status = statusWord(data.status, locale)
      const subject = say(words.ended, { status })
      return { subject, lines: [subject], links }
    }
    default: {
      const subject = say(words.copied)
      return { subject, lines: [saidBy(data, locale) ?? subject], links }
    }
  }
}

/** What is about no single case: for those who administer flows. */
function describeNews(unit: Unit, { data }: MailedNote): MailText | null {
  const { locale } = unit.actor
  const counted = sayCounted(data, locale)
  if (counted !== null) {
    const hint = data.left === undefined ? words.stuckHint : words.leftHint
    return { subject: counted, lines: [hint[locale]], links: [openLink(unit, 'runs')] }
  }
  const said = saidBy(data, locale)
  if (said === null) return null
  const subject = data.title?.[locale] || said
  return { subject, lines: [data.text?.[locale] || said], links: [openLink(unit, 'notifications')] }
}

function openLink({ services, served, actor }: Unit, page: string): Link {
  const href = `${services.config.baseUrl}/w/${encodeURIComponent(served.workspace.key)}/${page}`
  return { label: words.open[actor.locale], href }
}

/** As people of the workspace read it. */
function sayMoment({ served, actor }: Unit, instant: string): string {
  const local = instantToLocal(instant, served.workspace.timeZone)
  return local ? `${formatDate(local.slice(0, 10), actor.locale)} ${local.slice(11)}` : instant
}

/** Answers that need nothing else said may be given from the e-mail. */
function decisionLinks(unit: Unit, task: TaskReply): Link[] {
  if (task.form !== null || task.picks.length > 0) return []
  return task.decisions
    .filter(
      (decision) =>
        !decision.comment_required && !decision.signature_required && !decision.attachments_required,
    )
    .map((decision) => {
      const token = writeMailLink(unit.services, {
        workspace: unit.served.workspace.key,
        task: task.id,
        rev: task.rev,
        user: unit.actor.user,
        decision: decision.key,
        seen: task.record_rev,
      })
      const at = `${unit.services.config.baseUrl}/api/v1/${unit.served.workspace.key}/mail-links/${token}`
      return { label: decision.title[unit.actor.locale], href: at }
    })
}

const words = {
  open: { en: 'Open', zh: '打开' },
  somebody: { en: 'Somebody', zh: '相关人员' },
  task: { en: '{step}: {title}', zh: '待办:{step} {title}' },
  taskAlone: { en: '{step}: {about}', zh: '待办:{step} {about}' },
  reminded: { en: 'Reminder: {step}, {about}', zh: '催办:{step} {about}' },
  taskLine: {
    en: '{applicant} submitted {about}. It waits for you at "{step}".',
    zh: '{applicant} 提交了 {about},等待您处理“{step}”。',
  },
  dueLine: { en: 'Please act by {due}.', zh: '请于 {due} 前处理。' },
  ended: { en: '{about}: {status}', zh: '{about}:{status}' },
  copied: { en: 'For your information: {about}', zh: '抄送:{about}' },
  messageAbout: { en: '{heading} · {about}', zh: '{heading} · {about}' },
  stuck: { en: 'Stuck: {about}', zh: '流程异常:{about}' },
  stuckLine: {
    en: 'It stopped at "{step}" and needs an administrator: {message}',
    zh: '已在“{step}”停止,需管理员处理:{message}',
  },
  left: { en: 'Failed and left: {about}', zh: '执行失败已跳过:{about}' },
  leftLine: {
    en: '"{step}" failed, and the case went on without it, as its flow says: {message}',
    zh: '“{step}”执行失败,流程按设定已跳过并继续:{message}',
  },
  leftHint: {
    en: 'Their stories under Cases say what was left.',
    zh: '请在“流程实例”中查看各实例的记录。',
  },
  stuckHint: {
    en: 'Each stands under Cases, the stuck ones first, with what has stopped it.',
    zh: '请在“流程实例”中查看,异常的排在最前,并注明原因。',
  },
} satisfies Record<string, Text>
