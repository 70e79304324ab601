import type { EarningsReply, Explanation, LedgerPage } from '@channelwright/runtime/api/incentives.ts'
import type {
  ClientRelease,
  RecordJson,
  RecordPage,
  RecordReply,
} from '@channelwright/runtime/api/records.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import type { ListQuery, WorkspaceApi } from '@channelwright/runtime/react/api/client.ts'
import { ApiProblem, isProblem } from '@channelwright/runtime/react/api/problem.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { type GroupedView, sumUpPreview } from './preview-sums.ts'
import { sampleEarnings, sampleExplanation, sampleLedger } from './sample-earnings.ts'
import { isSample, sampleId, sampleRecord, sampleValue } from './sample-values.ts'

export interface PreviewSource {
  readonly real: WorkspaceApi
  /** What the designer may read of the release in force: the fields that the database has. */
  readonly released: ClientRelease
  /** The definitions as drafted. */
  readonly set: DefinitionSet
  /** The day it is, ISO. */
  readonly today: string
  readonly locale: Locale
  /** What rules read besides the record: `$user`, `$today`. */
  readonly context: JsonObject
  readonly timeZone: string
}

const rows = 5

/**
 * A workspace as its drafts would make it: real records with made-up values in fields that the database does not have
 * yet, made-up records where there are none. It only reads; whatever would write is refused.
 */
export function createPreviewApi(source: PreviewSource): WorkspaceApi {
  const { real, released, set, today, locale, context, timeZone } = source
  const shapeOf = (object: string) => shape(set.objects.get(object), released, object)
  const refuse = () => Promise.reject(previewOnly(locale))
  const titlesOf = (records: readonly RecordJson[], object: string) =>
    sampleTitles(records, set, object, locale)

  const samplesOf = (object: string): RecordPage => {
    const definition = set.objects.get(object)
    const records = definition
      ? Array.from({ length: rows }, (_, at) => sampleRow(definition, at, today, released.number))
      : []
    return {
      records,
      titles: titlesOf(records, object),
      next: null,
      count: { value: records.length, more: false },
    }
  }

  const listRecords = async ({ object, ...query }: ListQuery & { object: string }): Promise<RecordPage> => {
    const known = shapeOf(object)
    if (!known.stored) return samplesOf(object)
    try {
      const { view, ...rest } = query
      const page = await real.listRecords({
        object,
        ...rest,
        ...(query.filter === undefined ? {} : { filter: known.toStored(query.filter) }),
        sort: query.sort
          ?.split(',')
          .map((part) =>
            part.replace(/^(-?)([^.]+)/, (_, sign: string, key: string) => sign + known.storedKey(key)),
          )
          .filter((part) => known.has(part.replace(/^-/, '').split('.')[0] ?? ''))
          .join(','),
        // A view that only the draft has is no view to the server.
        ...(view !== undefined && released.views[view] ? { view } : {}),
      })
      const narrowed = query.search !== undefined || query.cursor
      if (page.records.length === 0 && !narrowed && (await isBare(object, query.filter)))
        return samplesOf(object)
      const records = page.records.map((record, at) => known.complete(record, at, today))
      return { ...page, records, titles: { ...titlesOf(records, object), ...page.titles } }
    } catch (error) {
      // A filter over fields that are not there yet.
      if (isProblem(error) && error.kind === 'refused' && error.status < 500) return samplesOf(object)
      throw error
    }
  }

  /** No record at all, rather than none that a filter lets through: an empty list is then the truth. */
  const isBare = async (object: string, filter: Json | undefined): Promise<boolean> =>
    filter === undefined || (await real.listRecords({ object, limit: 1 })).records.length === 0

  const readRecord = async (object: string, id: string): Promise<RecordReply> => {
    const known = shapeOf(object)
    if (isSample(id) || !known.stored) {
      const page = samplesOf(object)
      const record = page.records.find((one) => one.id === id) ?? page.records[0]
      if (!record) throw previewOnly(locale)
      return { record, titles: page.titles, may: { update: [], delete: false, locked: false } }
    }
    const reply = await real.readRecord(object, id)
    const record = known.complete(reply.record, 0, today)
    return {
      record,
      titles: { ...titlesOf([record], object), ...reply.titles },
      may: { update: [], delete: false, locked: false },
    }
  }

  const groupRecords: WorkspaceApi['groupRecords'] = async (query) => {
    const view: GroupedView = set.views.get(query.view) ?? {}
    const inForce: GroupedView = released.views[query.view] ?? {}
    const sums = () => sumUpPreview({ set, context, timeZone, list: listRecords }, view, query)
    // What is in force already is summed up by the server, over all records.
    if (!shapeOf(query.object).stored || !isSameGrouping(view, inForce)) return sums()
    try {
      const reply = await real.groupRecords(query)
      return reply.all.count === 0 && (await isBare(query.object, query.filter)) ? sums() : reply
    } catch (error) {
      if (isProblem(error) && error.kind === 'refused' && error.status < 500) return sums()
      throw error
    }
  }

  return {
    workspace: real.workspace,
    readPortal: real.readPortal,
    readRelease: real.readRelease,
    readForm: real.readForm,
    files: { ...real.files, send: () => Promise.reject(previewOnly(locale)) },
    listRecords,
    groupRecords,
    readRecord,
    createRecord: refuse,
    updateRecord: refuse,
    deleteRecord: refuse,
    readHistory: async (object, id, cursor) =>
      isSample(id) ? { entries: [], titles: {}, next: null } : real.readHistory(object, id, cursor),
    searchPeople: real.searchPeople,
    findPerson: async (id) => (isSample(id) ? null : real.findPerson(id)),
    listTasks: real.listTasks,
    readTask: real.readTask,
    decideTask: refuse,
    commandTask: refuse,
    approveTasks: refuse,
    // A preview has no buttons of people.
    listStarts: async () => ({ starts: [] }),
    startFlow: refuse,
    readStartPicks: real.readStartPicks,
    searchPickable: real.searchPickable,
    readRun: real.readRun,
    commandRun: refuse,
    markRunRead: refuse,
    listRunBox: real.listRunBox,
    inboxEvents: real.inboxEvents,
    listFlowRuns: real.listFlowRuns,
    readFigures: real.readFigures,
    listFlowVersions: real.listFlowVersions,
    readFlowVersions: real.readFlowVersions,
    startMigration: refuse,
    readMigration: real.readMigration,
    listKeptMail: real.listKeptMail,
    clearKeptMail: refuse,
    listDelegations: real.listDelegations,
    createDelegation: refuse,
    endDelegation: refuse,
    listNotifications: real.listNotifications,
    readNotifications: refuse,
    listRuns: async (object, record) => (isSample(record) ? { runs: [] } : real.listRuns(object, record)),
    async readEarnings(query): Promise<EarningsReply> {
      const reply = await real.readEarnings(query)
      const earned = reply.plans.filter((one) => set.plans.has(one.plan) && one.windows.length > 0)
      const others = [...set.plans.values()].filter((plan) => !earned.some((one) => one.plan === plan.key))
      return { ...reply, plans: [...earned, ...others.map((plan) => sampleEarnings(plan, reply.today))] }
    },
    async listLedger(query): Promise<LedgerPage> {
      if (query.record !== undefined && isSample(query.record))
        return { entries: [], totals: {}, titles: {}, next: null }
      const page = await real.listLedger(query)
      const plan = query.plan === undefined ? undefined : set.plans.get(query.plan)
      return page.entries.length === 0 && plan && query.record === undefined
        ? sampleLedger(plan, today)
        : page
    },
    async readExplanation(entry): Promise<Explanation> {
      const plan = isSample(entry) ? set.plans.get(entry.split(':')[1] ?? '') : undefined
      return plan ? sampleExplanation(plan, today) : real.readExplanation(entry)
    },
  }
}

function isSameGrouping(a: GroupedView, b: GroupedView): boolean {
  const shape = ({ group, measures }: GroupedView) => JSON.stringify([group ?? [], measures ?? []])
  return shape(a) === shape(b)
}

function previewOnly(locale: Locale): ApiProblem {
  const [message, hint] =
    locale === 'zh'
      ? ['预览中不会保存任何内容。', '发布后可在门户中使用。']
      : ['A preview saves nothing.', 'Publish, then use it in the portal.']
  return new ApiProblem('refused', 422, 'PREVIEW_ONLY', message, hint, [], null)
}

/** How an object as drafted differs from what the database holds. */
function shape(drafted: ObjectDefinition | undefined, released: ClientRelease, key: string) {
  const properties = (drafted?.schema.properties ?? {}) as Readonly<Record<string, FieldDefinition>>
  const stored = (released.objects[key]?.definition.schema.properties ?? {}) as typeof properties
  // A renamed field keeps its data: its id tells where it stands.
  const byId = new Map(Object.entries(stored).map(([name, field]) => [field['x-id'], name]))
  const storedKey = (name: string) => byId.get(properties[name]?.['x-id'] ?? '') ?? name
  const system = ['id', 'created_at', 'created_by', 'updated_at']
  const toStored = (rule: Json): Json => {
    if (Array.isArray(rule)) return rule.map(toStored)
    if (!isJsonObject(rule)) return rule
    return Object.fromEntries(
      Object.entries(rule).map(([name, value]) => [
        name,
        name === 'var' && typeof value === 'string'
          ? value.replace(/^[^.$]+/, (first) => storedKey(first))
          : toStored(value),
      ]),
    )
  }
  return {
    stored: released.objects[key] !== undefined,
    storedKey,
    has: (name: string) => name in stored || system.includes(name),
    toStored,
    complete(record: RecordJson, at: number, today: string): RecordJson {
      const values: JsonObject = {}
      for (const [name, field] of Object.entries(properties)) {
        const from = storedKey(name)
        values[name] = from in stored ? (record[from] ?? null) : sampleValue(field, at, today)
      }
      return { ...record, ...values } as RecordJson
    },
  }
}

function sampleRow(object: ObjectDefinition, at: number, today: string, release: number): RecordJson {
  const moment = `${today}T08:00:00Z`
  return {
    ...sampleRecord(object, at, today),
    id: sampleId(object.key, at),
    rev: 1,
    release,
    created_at: moment,
    created_by: null,
    updated_at: moment,
    updated_by: null,
  } as RecordJson
}

/** What made-up references are called: the title of their object, and a number. */
function sampleTitles(records: readonly RecordJson[], set: DefinitionSet, object: string, locale: Locale) {
  const titles: Record<string, string> = {}
  for (const record of records) {
    for (const value of Object.values(record)) {
      if (typeof value !== 'string' || !isSample(value)) continue
      const [, kind = '', number = ''] = value.split(':')
      const title = set.objects.get(kind)?.title[locale] ?? (locale === 'zh' ? '用户' : 'User')
      titles[value] = kind === object ? number : `${title} ${number}`
    }
  }
  return titles
}
