import type { MappedNode, NodeMapping } from '../flow/migration.ts'
import type { Text } from '../text.ts'
import type { PersonName } from './flows.ts'

/** What travels for cases whose flow has a newer release. For administrators of flows. */

/** `GET …/flow-versions`: where open cases follow older releases, most of them first. */
export interface FlowVersionList {
  /** The release in force. */
  readonly release: number
  readonly flows: readonly {
    readonly key: string
    readonly title: Text
    /** Open cases that follow the release in force, and those that follow an older one. */
    readonly current: number
    readonly older: number
    /** The release in force has the flow no more: its cases go on to their end and can't be moved. */
    readonly gone: boolean
  }[]
  /** Every flow that has cases, open or ended, by its newest title: what lists of cases are narrowed to. */
  readonly cases: readonly { readonly key: string; readonly title: Text }[]
}

/** `GET …/flow-versions/:flow`: the older releases that have open cases, and where their steps are by now. */
export interface FlowVersions {
  readonly flow: { readonly key: string; readonly title: Text }
  /** To where cases would be moved: the release in force. */
  readonly release: number
  readonly releases: readonly {
    readonly release: number
    readonly published_at: string
    readonly open: number
    readonly stuck: number
    /** Whether the flow itself reads otherwise there. */
    readonly differs: boolean
    readonly nodes: readonly (MappedNode & { readonly waiting: number })[]
  }[]
}

/** `POST …/flow-migrations` */
export interface MigrationBody {
  readonly flow: string
  /** The release that was in force when the move was thought out; refused when it is not any more. */
  readonly release?: number
  /** Only cases that follow this one. */
  readonly from?: number
  /** Only these cases; default: every open one that follows another release. */
  readonly runs?: readonly string[]
  /** `move`: they go on there; `restart`: they are terminated and submitted again. */
  readonly how: 'move' | 'restart'
  readonly mapping?: NodeMapping
  /** Default `keep`. */
  readonly people?: 'keep' | 'resolve'
  /** Nothing is changed; each case tells what would become of it. */
  readonly dry: boolean
  /** Must be said when it is not dry. */
  readonly reason?: string
}

export const migrationOutcomes = [
  'waiting',
  'would_move',
  'would_restart',
  'moved',
  'restarted',
  'refused',
  'failed',
] as const
export type MigrationOutcome = (typeof migrationOutcomes)[number]

/** What a move comes to for the steps and people of one case. */
export interface MigrationReport {
  /** Active steps, and where the case goes on; `to` null: it begins anew. */
  readonly steps: readonly { readonly from: Text; readonly to: Text | null }[]
  readonly tasks: readonly {
    readonly person: string
    readonly node: Text
    /** `stays`: asked as before; `goes`: not asked any more; `comes`: asked from now on. */
    readonly fate: 'stays' | 'goes' | 'comes'
  }[]
  /** Decisions that are asked for again. */
  readonly lost: number
  /** Tasks whose limits of time begin anew. */
  readonly clocks: number
  /** Steps done whose effects could not be taken back any more, for the release does not have them. */
  readonly gone: readonly Text[]
  /** The case that was begun in its place. */
  readonly next: string | null
}

/** `GET …/flow-migrations/:id?outcome=&limit=&cursor=`; `POST` answers with it as it begins. */
export interface MigrationReply {
  readonly id: string
  readonly flow: { readonly key: string; readonly title: Text }
  readonly release: number
  readonly how: MigrationBody['how']
  readonly people: 'keep' | 'resolve'
  readonly dry: boolean
  readonly reason: string | null
  readonly by: PersonName
  readonly started_at: string
  /** Null: it is under way. */
  readonly ended_at: string | null
  /** Cases by what became of them. */
  readonly counts: Readonly<Record<MigrationOutcome, number>>
  readonly runs: readonly {
    readonly run: string
    readonly title: string | null
    readonly applicant: PersonName
    readonly from: number
    readonly outcome: MigrationOutcome
    readonly problem: { readonly code: string; readonly message: string; readonly hint: string } | null
    readonly report:
      | (Omit<MigrationReport, 'tasks'> & {
          readonly tasks: readonly {
            readonly person: PersonName
            readonly node: Text
            readonly fate: 'stays' | 'goes' | 'comes'
          }[]
        })
      | null
  }[]
  readonly next: string | null
}
