import type { CalendarDefinition } from '../definition/calendar.ts'
import type { FormDefinition } from '../definition/form.ts'
import type { ObjectDefinition } from '../definition/object.ts'
import type { RuleDefinition } from '../definition/rule.ts'
import type { ViewDefinition } from '../definition/view.ts'
import type { Json } from '../json.ts'
import type { Text } from '../text.ts'

/**
 * What travels between the browser and `/api/v1/<workspace>/…` for records, forms, views and navigation. The routes
 * reply exactly these; exact numbers are strings throughout.
 */

/** A record: the platform's columns and, beside them by key, the fields that the reader may see. */
export interface RecordJson {
  readonly id: string
  /** Counts the writes; also the ETag (`"3"`), to be sent back as `If-Match`. */
  readonly rev: number
  /** The release that it was last written under. */
  readonly release: number
  readonly created_at: string
  readonly created_by: string | null
  readonly updated_at: string
  readonly updated_by: string | null
  readonly [field: string]: Json
}

/** Id of a referenced record or user → what a person reads for it. An id that one may not read has no entry. */
export type Titles = Readonly<Record<string, string>>

/** `GET …/records/:object/:id`, and the reply of every write. */
export interface RecordReply {
  readonly record: RecordJson
  readonly titles: Titles
  /** What the reader may do with this very record. */
  readonly may: {
    readonly update: readonly string[]
    readonly delete: boolean
    /** An open case keeps people from changing the record. */
    readonly locked: boolean
  }
}

/**
 * `GET …/records/:object?filter=&search=&view=&sort=&fields=&expand=&limit=&cursor=&count=`
 * - `filter`: a PL-1 condition over readable fields, as JSON
 * - `search`: text contained in one of the view's search fields (without `view`: in any readable text field)
 * - `sort`: `-submitted_at,number`; a period sorts by `protection.from` or `protection.to`; empty values are greatest
 * - `fields`: keys, comma-separated; default all readable
 * - `expand`: reference and user fields whose titles are wanted, comma-separated, or `*`
 * - `limit` 1–200, default 50; `cursor`: `next` of the page before, with the same sort
 * - `count=true`: how many there are, counted up to 10,000
 */
export interface RecordPage {
  readonly records: readonly RecordJson[]
  readonly titles: Titles
  /** Hand back as `cursor` for the next page; null on the last. */
  readonly next: string | null
  readonly count?: { readonly value: number /** There are more than `value`. */; readonly more: boolean }
}

/** `GET …/records/:object/:id/history`, newest first. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[]
  readonly titles: Titles
  readonly next: string | null
}

export interface HistoryEntry {
  readonly id: string
  readonly at: string
  readonly by: string | null
  /** Name of `by`, where the reader may know it. */
  readonly name: string | null
  /** What wrote in the name of `by`; null where the person wrote by themselves. */
  readonly cause: HistoryCause | null
  readonly action: 'create' | 'update' | 'delete' | 'restore'
  readonly release: number
  readonly changes: readonly HistoryChange[]
}

export interface HistoryChange {
  readonly field: string
  /** Of a row of lines: the cells that changed; null for one that was not there. */
  readonly before: Json
  readonly after: Json
  /** Of a row of lines: its `_id`. */
  readonly line?: string | null
}

/**
 * How a write came about that nobody made on the record itself: a node of a flow, a decision that brought values
 * along (`task`), a plan, an import. What the reader may not see of it is null.
 */
export interface HistoryCause {
  readonly kind: 'flow' | 'task' | 'plan' | 'import'
  /** Key of the flow, plan or import. */
  readonly key: string | null
  readonly run: string | null
  /** x-id of the node. */
  readonly node: string | null
  readonly title: Text | null
  readonly nodeTitle: Text | null
}

/** One object as its reader may know it. */
export interface ClientObject {
  /** The definition, its schema cut down to the fields that the reader may read or write. */
  readonly definition: ObjectDefinition
  readonly read: readonly string[]
  readonly create: readonly string[] | null
  readonly update: readonly string[] | null
  readonly delete: boolean
  readonly export: boolean
}

/** `GET …/release`: everything a browser needs to draw what this reader may see. Revalidated by ETag. */
export interface ClientRelease {
  readonly number: number
  readonly objects: Readonly<Record<string, ClientObject>>
  readonly forms: Readonly<Record<string, ClientForm>>
  readonly views: Readonly<Record<string, ViewDefinition>>
  readonly flows: Readonly<
    Record<
      string,
      {
        readonly title: Text
        readonly object: string
        /** Field of the record that says how much a case is about. */
        readonly amount?: string
      }
    >
  >
  readonly plans: Readonly<Record<string, { readonly title: Text; readonly currency: string }>>
  /** Named rules and calendars that rules of these forms and objects call, and those that they call in turn. */
  readonly rules: Readonly<Record<string, RuleDefinition>>
  readonly calendars: Readonly<Record<string, CalendarDefinition>>
}

export interface ClientForm {
  readonly definition: FormDefinition
  /** ES module, same origin, immutable. Default export: `validate(value)` with ajv's `errors`. */
  readonly validator: string
}

/** `GET …/forms/:key` */
export interface FormReply extends ClientForm {
  readonly object: ClientObject
}

/** `GET …/portal`: who I am and where I may go. */
export interface PortalReply {
  readonly workspace: {
    readonly key: string
    readonly title: Text
    readonly timeZone: string
    readonly demo: boolean
  }
  readonly release: number
  readonly user: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly roles: readonly { readonly key: string; readonly title: Text }[]
    readonly partner: { readonly id: string; readonly title: string | null } | null
  }
  /** View of type home to open first. */
  readonly home: string | null
  /** In the order to be shown. */
  readonly menu: readonly {
    readonly view: string
    readonly type: string
    readonly object: string | null
    readonly title: Text
    readonly icon: string | null
  }[]
  /** Forms that create a record. */
  readonly create: readonly { readonly form: string; readonly object: string; readonly title: Text }[]
  /** Platform rights: `design`, `publish`, … */
  readonly rights: readonly string[]
  /** E-mails are kept to be looked at by whoever administers flows: while developing, without a mail server. */
  readonly kept_mail: boolean
}

/** `GET …/people?search=` */
export interface PeopleReply {
  readonly people: readonly Person[]
}

export interface Person {
  readonly id: string
  readonly name: string
  /** Works for the vendor, or for a partner organisation. */
  readonly staff: boolean
  /** Only where somebody else of the same name may be chosen, and the reader belongs to the same house or the vendor. */
  readonly email?: string
}

/** `GET …/records/:object/groups`: what a grouped view tells. Exact numbers are texts. */
export interface GroupReply {
  /** x-ids of the view's group fields and measures that the reader sees, in order. */
  readonly group: readonly string[]
  readonly measures: readonly string[]
  /** The largest first. `keys` and `values` stand in the order above; null: empty. */
  readonly groups: readonly (GroupSums & { readonly keys: readonly Json[] })[]
  /** Of all records together. */
  readonly all: GroupSums
  readonly titles: Readonly<Record<string, string>>
  /** There are more groups than are told. */
  readonly more: boolean
}

export interface GroupSums {
  /** Records. */
  readonly count: number
  readonly values: readonly (string | null)[]
}
