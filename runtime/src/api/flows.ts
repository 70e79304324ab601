import type { FlowRun } from '../flow/run.ts'
import type { Text } from '../text.ts'
import type { ClientForm } from './records.ts'

/** What travels between the browser and `/api/v1/<workspace>/…` for tasks and runs. The routes reply exactly these. */

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
  readonly applicant: { readonly id: string; readonly name: string | null }
  readonly created_at: string
  readonly decided_at: string | null
  readonly comment: string | null
}

/** `GET …/tasks?state=todo|done&limit=&cursor=`, newest first. */
export interface TaskPage {
  readonly tasks: readonly TaskItem[]
  readonly next: string | null
  /** How many wait; `done` is not counted. */
  readonly counts: { readonly todo: number }
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
  }[]
}

/** `POST …/tasks/:id/decision` */
export interface DecisionBody {
  readonly decision: string
  readonly comment?: string | null
  readonly taskRev: number
  /** A UUID made once for this decision: sent again it is answered again and not done again. */
  readonly commandId: string
  readonly values?: Readonly<Record<string, unknown>>
}

/** Reply of every command. */
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
}

export interface RunItem {
  readonly id: string
  readonly flow: { readonly key: string; readonly title: Text }
  readonly release: number
  readonly object: string
  readonly record: string
  readonly status: FlowRun['status']
  readonly outcome: string | null
  readonly applicant: { readonly id: string; readonly name: string | null }
  readonly started_at: string
  readonly ended_at: string | null
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
  }[]
  readonly tasks: readonly {
    readonly id: string
    readonly node: string
    readonly assignee: { readonly id: string; readonly name: string | null }
    readonly state: string
    readonly comment: string | null
    readonly created_at: string
    readonly decided_at: string | null
  }[]
  readonly timeline: readonly TimelineEntry[]
  /** While it goes on, only the flow changes the record. */
  readonly locks_record: boolean
  readonly may: { readonly withdraw: boolean; readonly administer: boolean }
}

/** `GET …/runs?object=&record=`, newest first. */
export interface RunList {
  readonly runs: readonly RunReply[]
}

/** `GET …/flow-runs?status=&flow=&limit=&cursor=`, for administrators, newest first. */
export interface RunPage {
  readonly runs: readonly RunItem[]
  readonly next: string | null
  readonly counts: { readonly running: number; readonly incident: number }
}
