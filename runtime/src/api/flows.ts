import type { FlowRun } from '../flow/run.ts'
import type { JsonObject } from '../json.ts'
import type { Text } from '../text.ts'
import type { ClientForm, RecordReply } from './records.ts'

/** What travels between the browser and `/api/v1/<workspace>/…` for tasks and runs. The routes reply exactly these. */

export interface PersonName {
  readonly id: string
  /** Null where the reader may not know. */
  readonly name: string | null
}

/** A command that the reader may give now: its button, and what is said with it. */
export interface CommandOffer {
  /** Of the list `flow/commands/index.ts`; the last part of the address that takes it. */
  readonly name: string
  readonly title: Text
  /** After a name, in the past: "handed it on". */
  readonly done: Text
  /** JSON Schema of what is said beside `commandId` and `taskRev`. */
  readonly payload: JsonObject
  /** What may be chosen for a property that names steps, tasks or branches of the run. People are searched for. */
  readonly choices?: Readonly<Record<string, readonly CommandChoice[]>>
}

export interface CommandChoice {
  readonly id: string
  readonly title: Text
  /** What the choice would do besides: what has been done meanwhile, and whether it is taken back. */
  readonly note?: Text
}

/** One line of an inbox. */
export interface TaskItem {
  readonly id: string
  /** Send it back with the decision; a task that has changed since refuses. */
  readonly rev: number
  readonly state: string
  readonly flow: { readonly key: string; readonly title: Text }
  readonly node: { readonly id: string; readonly title: Text }
  readonly object: string
  readonly record: string
  /** What names the record; null where the reader may not read it. */
  readonly title: string | null
  /** Fields that the flow tells with its cases (`settings.summary`, else its amount), as far as the reader may see them. */
  readonly facts: JsonObject
  readonly applicant: { readonly id: string; readonly name: string | null }
  readonly created_at: string
  readonly decided_at: string | null
  readonly comment: string | null
  readonly due_at: string | null
  /** For whom the reader acts, by a delegation. */
  readonly on_behalf_of: PersonName | null
  /** Heard, but without a vote. */
  readonly opinion_only: boolean
  /** It can be approved together with others: nothing has to be filled in, said or signed. */
  readonly batch: boolean
  /** The case stands still by order of an administrator: nothing can be done with it, and nobody counts it. */
  readonly suspended: boolean
  /** Version of the record that is told here: a decision says which one was seen (`seenVersion`). */
  readonly record_rev: number | null
}

/**
 * What narrows the lists of tasks and runs.
 * `search`: part of the record's name; `overdue`: only what is past its time; `waiting`: for more than so many days.
 */
export interface InboxFilter {
  readonly flow?: string
  readonly applicant?: string
  readonly overdue?: boolean
  readonly waiting?: number
  readonly search?: string
  /** Of flows that name an amount: at least, at most; exact decimals. */
  readonly from?: string
  readonly to?: string
}

/** What waits for the person, live in `GET …/inbox/events` (server-sent events named `counts`). */
export interface InboxCounts {
  readonly todo: number
  readonly overdue: number
  /** Copies that were not opened yet. */
  readonly copied: number
  readonly notifications: number
  /** Cases that can't go on by themselves; 0 for those who don't administer flows. */
  readonly stuck: number
}

/** `GET …/tasks?state=todo|done&limit=&cursor=` and what `InboxFilter` says, newest first. */
export interface TaskPage {
  readonly tasks: readonly TaskItem[]
  readonly next: string | null
  /** How many wait; `done` is not counted. */
  readonly counts: InboxCounts
}

/**
 * `GET …/inbox/runs?box=started|copied&limit=&cursor=` and what `InboxFilter` says, newest first. A copy that was looked
 * at is told by `POST …/runs/:id/read`.
 */
export interface RunBoxPage {
  readonly runs: readonly RunLine[]
  readonly next: string | null
}

/** `POST …/tasks/batch`: each is a transaction of its own, and says how it went. */
export interface BatchBody {
  readonly decision: 'approve'
  readonly comment?: string | null
  readonly items: readonly {
    readonly task: string
    readonly taskRev: number
    readonly commandId: string
    /** As in `DecisionBody`. */
    readonly seenVersion?: number
  }[]
}

export interface BatchReply {
  readonly results: readonly {
    readonly task: string
    readonly done: boolean
    /** Why not, in the reader's language. */
    readonly problem: { readonly code: string; readonly message: string; readonly hint: string } | null
  }[]
}

/** A step whose people the reader chooses now; who may be chosen: `GET …/flows/<flow>/steps/<node>/people`. */
export interface PickOffer {
  readonly node: string
  readonly title: Text
  readonly min: number
  readonly max: number
  /** The case comes there as the record stands; otherwise only should it change. */
  readonly needed: boolean
  /** Who was chosen before. */
  readonly chosen: readonly PersonName[]
}

/** `GET …/flows/<flow>/picks`: what whoever starts a case is asked. */
export interface PickList {
  readonly picks: readonly PickOffer[]
}

/** A flow that the reader starts by a button. */
export interface StartOffer {
  readonly flow: string
  readonly title: Text
  readonly label: Text
  /** `running`: there is an open case already; `closed`: not on this record as it stands. */
  readonly state: 'ready' | 'running' | 'closed'
  /** The open case, as far as the reader may see it. */
  readonly run: string | null
  /** A form of the record that is filled in first. */
  readonly form: string | null
  readonly picks: readonly PickOffer[]
}

/** `GET …/flow-starts?object=&record=` */
export interface StartList {
  readonly starts: readonly StartOffer[]
}

/** `POST …/flows/<flow>/start`; with an `Idempotency-Key` it is done once, however often it is sent. */
export interface StartBody {
  readonly record: string
  readonly values?: JsonObject
  readonly rev?: number
  readonly picks?: Readonly<Record<string, readonly string[]>>
}

/** `GET …/tasks/:id` */
export interface TaskReply extends TaskItem {
  readonly run: string
  /** What is filled in with the decision, as the release says on which the run began. */
  readonly form: ClientForm | null
  /** Fields that the decision may write along with it. */
  readonly writable: readonly string[]
  /** Empty when the task is closed or somebody else's. */
  readonly decisions: readonly {
    readonly key: string
    readonly title: Text
    readonly comment_required: boolean
    readonly signature_required: boolean
    readonly attachments_required: boolean
  }[]
  /** Steps whose people are chosen with an answer that leads on. */
  readonly picks: readonly PickOffer[]
  /** Whether an answer may name people who read the case from then on (`cc`). */
  readonly copies: boolean
  /** What else the reader may do with it: `POST …/tasks/:id/<name>`. */
  readonly commands: readonly CommandOffer[]
  /**
   * The record as the task shows it: what the reader may read, without the fields that the step hides; null where they
   * may read nothing of it. Where the flow shows it as it was when the step began, `snapshot` says when that was and
   * which of these fields say something else by now; `record_rev` is the version of now, of which that is told.
   */
  readonly shown: RecordReply | null
  readonly snapshot: { readonly at: string; readonly changed: readonly string[] } | null
  /** The record as it is now, for what is filled in over it; null: as `shown`. */
  readonly filled_in: RecordReply | null
}

/** `POST …/tasks/:id/decision` */
export interface DecisionBody {
  readonly decision: string
  readonly comment?: string | null
  readonly taskRev: number
  /** A UUID made once for this decision: sent again it is answered again and not done again. */
  readonly commandId: string
  readonly values?: Readonly<Record<string, unknown>>
  readonly signature?: string
  readonly attachments?: readonly string[]
  readonly picks?: Readonly<Record<string, readonly string[]>>
  /** People who may read the case from now on. */
  readonly cc?: readonly string[]
  /**
   * Version of the record that was seen (`record_rev`): one that has changed since is not decided on. Screens and links
   * of e-mails always say it; without it the decision is meant for the record as it stands.
   */
  readonly seenVersion?: number
}

/**
 * `POST …/tasks/:id/<command>` (with `taskRev`) and `POST …/runs/:id/<command>` (with `runRev`, the run's `rev` that was
 * seen; without it the command is meant for the run as it stands): with what the payload asks for.
 */
export interface CommandBody {
  readonly commandId: string
  readonly taskRev?: number
  readonly runRev?: number
  readonly [property: string]: unknown
}

/**
 * Reply of every command. One that is refused for what happened meanwhile (409) has the same as details: `path` begins
 * with `/current/`, `message` is the value.
 */
export interface CommandReply {
  readonly run: {
    readonly id: string
    readonly status: FlowRun['status']
    readonly outcome: string | null
    readonly rev: number
  }
  readonly task?: { readonly id: string; readonly state: string; readonly rev: number }
}

/** One sentence of the timeline. */
export interface TimelineEntry {
  readonly at: string
  readonly type: string
  readonly node: string | null
  readonly by: { readonly id: string; readonly name: string | null } | null
  readonly sentence: Text
  readonly comment: string | null
  /** `file:` and the id of a picture, or `name:` and the name that was put there. */
  readonly signature: string | null
  /** Ids of files. */
  readonly attachments: readonly string[]
}

export interface RunItem {
  readonly id: string
  readonly flow: { readonly key: string; readonly title: Text }
  readonly release: number
  readonly object: string
  readonly record: string
  readonly status: FlowRun['status']
  readonly outcome: string | null
  /** What the end is called that it reached; null while it is open, and where it was broken off. */
  readonly outcome_title: Text | null
  readonly applicant: { readonly id: string; readonly name: string | null }
  readonly started_at: string
  readonly ended_at: string | null
}

/** A run in a list, with where it stands. */
export interface RunLine extends RunItem {
  /** What names the record; null where the reader may not read it. */
  readonly title: string | null
  readonly nodes: readonly { readonly id: string; readonly title: Text }[]
  readonly waiting_for: readonly PersonName[]
  /** Since when it waits there. */
  readonly since: string | null
  /** The nearest time by which somebody must act. */
  readonly due_at: string | null
  /** Why it can't go on by itself. */
  readonly incident: { readonly code: string; readonly message: Text } | null
}

/** `GET …/runs/:id`, and each entry of `GET …/runs?object=&record=` */
export interface RunReply extends RunItem {
  readonly rev: number
  readonly nodes: readonly {
    readonly id: string
    readonly type: string
    readonly title: Text
    /** `waiting`: the run has not come here (yet). */
    readonly state: 'active' | 'done' | 'cancelled' | 'waiting' | 'incident'
    readonly entered_at: string | null
    readonly left_at: string | null
    readonly incident: { readonly code: string; readonly message: Text } | null
  }[]
  readonly edges: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly taken: boolean
    readonly title?: Text | null
  }[]
  readonly tasks: readonly {
    readonly id: string
    readonly node: string
    readonly assignee: { readonly id: string; readonly name: string | null }
    readonly state: string
    readonly comment: string | null
    readonly created_at: string
    readonly decided_at: string | null
    readonly due_at: string | null
    /** The work calendar by which that was reckoned, and the release that it was of; null: by none. */
    readonly due_by: { readonly key: string; readonly release: number; readonly title: Text | null } | null
    /** The task of whoever added this one, and how it belongs to it. */
    readonly parent: string | null
    readonly link: 'before' | 'after' | 'parallel' | 'delegate' | null
    readonly on_behalf_of: PersonName | null
    readonly opinion_only: boolean
    readonly rev: number
    /** What the reader may do with it, theirs or not: remove whom they added, give it to somebody else. */
    readonly commands: readonly CommandOffer[]
  }[]
  readonly timeline: readonly TimelineEntry[]
  /** To whom it was copied, in order, and when they opened it; null: not yet. */
  readonly copies: readonly {
    readonly reader: PersonName
    readonly node: string
    readonly at: string
    readonly read_at: string | null
  }[]
  /** While it goes on, only the flow changes the record. */
  readonly locks_record: boolean
  readonly may: { readonly withdraw: boolean; readonly administer: boolean }
  readonly title: string | null
  /** Counts submissions. */
  readonly round: number
  /** What the reader may do with it: `POST …/runs/:id/<name>`. */
  readonly commands: readonly CommandOffer[]
}

/** `GET …/runs?object=&record=`, newest first. */
export interface RunList {
  readonly runs: readonly RunReply[]
}

/**
 * `GET …/flow-runs?status=&flow=&search=&state=stuck|late|open|closed&limit=&cursor=`, for administrators: those that
 * are stuck first, then those that are late, then newest first.
 */
export interface RunPage {
  readonly runs: readonly RunLine[]
  readonly next: string | null
  readonly counts: { readonly running: number; readonly incident: number; readonly late: number }
}

/** `GET …/flow-figures?flow=&days=`, for administrators. Times in seconds. */
export interface FlowFigures {
  readonly started: number
  readonly ended: number
  readonly open: number
  readonly incidents: number
  /** From the start of a run to its end; null: none has ended. */
  readonly median_duration: number | null
  /** Tasks decided in these days or open now, and how many of both were, or are, past their time. */
  readonly tasks: { readonly decided: number; readonly open: number; readonly overdue: number }
  readonly days: readonly { readonly day: string; readonly started: number; readonly ended: number }[]
  /** Longest waits first. */
  readonly nodes: readonly FlowWait<{
    readonly flow: string
    readonly flow_title: Text
    readonly node: string
    readonly title: Text
  }>[]
  readonly people: readonly FlowWait<PersonName>[]
}

/** How long tasks waited: of a step or of a person. */
export type FlowWait<Of> = Of & {
  readonly decided: number
  readonly open: number
  readonly overdue: number
  readonly median: number | null
  readonly p90: number | null
}

/** A time in which somebody else acts for a person. */
export interface Delegation {
  readonly id: string
  readonly from: PersonName
  readonly to: PersonName
  /** `replace`: the other gets the tasks; `also`: both do. */
  readonly mode: 'replace' | 'also'
  /** Only these flows; null: all. */
  readonly flows: readonly string[] | null
  /** Cases of a greater amount stay with `from`; null: any amount. */
  readonly max_amount: string | null
  readonly starts_at: string
  readonly ends_at: string
  readonly ended_at: string | null
}

/** `GET …/delegations`: my own, and those by which I act for others; flows that may be named. */
export interface DelegationList {
  readonly delegations: readonly Delegation[]
  /** `has_amount`: the flow says how much its cases are about, so that a limit may hold. */
  readonly flows: readonly { readonly key: string; readonly title: Text; readonly has_amount: boolean }[]
}

/** `POST …/delegations`; it is ended early by `DELETE …/delegations/:id`. */
export interface DelegationBody {
  /** For administrators of flows: whose tasks. Default: one's own. */
  readonly from?: string
  readonly to: string
  readonly mode: 'replace' | 'also'
  readonly flows?: readonly string[] | null
  /** Cases of a greater amount stay with whom they would go to: by the flow's `amount`, or by `amount_field`. */
  readonly max_amount?: string
  readonly amount_field?: string
  readonly starts_at: string
  readonly ends_at: string
}

/** `GET …/kept-mail?search=`, while developing without a mail server, for administrators of flows: newest first. */
export interface KeptMailPage {
  readonly mails: readonly {
    readonly id: string
    readonly from: string
    readonly recipient: string
    readonly subject: string
    readonly message_id: string
    readonly body: string
    readonly html: string
    readonly at: string
  }[]
}

/** Something that the person should know. */
export interface NotificationItem {
  readonly id: string
  readonly kind: string
  readonly sentence: Text
  /** What it leads to: the task if it is still theirs, else the run. */
  readonly task: string | null
  readonly run: string | null
  readonly at: string
  readonly read_at: string | null
}

/** `GET …/notifications?limit=&cursor=`, newest first; `POST …/notifications/read` with `{ids}` or `{all: true}`. */
export interface NotificationPage {
  readonly notifications: readonly NotificationItem[]
  readonly next: string | null
  readonly unread: number
}
