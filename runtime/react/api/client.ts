import type { FileList } from '../../src/api/files.ts'
import type { AcceptInvitation, OpenInvitation, Session, SignIn } from '../../src/api/identity.ts'
import type { EarningsReply, Explanation, LedgerPage } from '../../src/api/incentives.ts'
import type {
  ClientRelease,
  FormReply,
  GroupReply,
  HistoryPage,
  PeopleReply,
  PortalReply,
  RecordPage,
  RecordReply,
} from '../../src/api/records.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { Locale } from '../../src/text.ts'
import { sendFile } from '../files/send-file.ts'
import { createFlowCalls } from './flow-calls.ts'
import { isProblem } from './problem.ts'
import { createTransport, type Transport, type TransportOptions } from './transport.ts'

/** Which sums of a grouped view. */
export interface GroupQuery {
  readonly object: string
  readonly view: string
  readonly filter?: Json | undefined
  readonly search?: string | undefined
}

export interface ListQuery {
  readonly filter?: Json
  readonly search?: string
  readonly view?: string
  readonly sort?: string
  readonly fields?: string
  readonly expand?: string
  readonly limit?: number
  readonly cursor?: string | null
  readonly count?: boolean
}

export interface WriteOptions {
  /** The same key with the same body is applied once, however often it is sent. */
  readonly idempotencyKey: string
  /** The revision that the person saw; a newer one refuses the write. */
  readonly rev?: number
  readonly form?: string
  /** Whom the person chose for steps of the flows that this starts: flow → step → people. */
  readonly picks?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** Typed calls of one workspace. Every failure is an `ApiProblem`. */
export function createWorkspaceApi(
  send: Transport,
  workspace: string,
  /** For what is not sent by the transport: files. */
  asking: Pick<TransportOptions, 'locale' | 'user'> = { locale: () => 'en' },
) {
  const base = `/api/v1/${encodeURIComponent(workspace)}`
  const at = (...parts: string[]) => `${base}/${parts.map(encodeURIComponent).join('/')}`
  const get = async <T>(path: string, query?: Record<string, string | number | boolean | undefined | null>) =>
    (await send<T>('GET', path, { query })).data
  const writeQuery = ({ form, picks }: WriteOptions) => ({
    form,
    picks: picks === undefined ? undefined : JSON.stringify(picks),
  })
  const writeHeaders = (options: WriteOptions): Record<string, string> => ({
    'Idempotency-Key': options.idempotencyKey,
    ...(options.rev === undefined ? {} : { 'If-Match': `"${options.rev}"` }),
  })

  return {
    workspace,
    readPortal: () => get<PortalReply>(at('portal')),
    readRelease: () => get<ClientRelease>(at('release')),
    readForm: (form: string) => get<FormReply>(at('forms', form)),

    listRecords: ({ filter, ...query }: ListQuery & { object: string }) => {
      const { object, ...rest } = query
      return get<RecordPage>(at('records', object), {
        ...rest,
        filter: filter === undefined ? undefined : JSON.stringify(filter),
      })
    },
    groupRecords: ({ object, filter, ...rest }: GroupQuery) =>
      get<GroupReply>(at('records', object, 'groups'), {
        ...rest,
        filter: filter === undefined ? undefined : JSON.stringify(filter),
      }),
    readRecord: (object: string, id: string) => get<RecordReply>(at('records', object, id)),
    createRecord: async (object: string, values: JsonObject, options: WriteOptions) =>
      (
        await send<RecordReply>('POST', at('records', object), {
          query: writeQuery(options),
          body: values,
          headers: writeHeaders(options),
        })
      ).data,
    updateRecord: async (object: string, id: string, values: JsonObject, options: WriteOptions) =>
      (
        await send<RecordReply>('PATCH', at('records', object, id), {
          query: writeQuery(options),
          body: values,
          headers: writeHeaders(options),
        })
      ).data,
    deleteRecord: async (object: string, id: string, options: WriteOptions) => {
      await send<unknown>('DELETE', at('records', object, id), { headers: writeHeaders(options) })
    },
    readHistory: (object: string, id: string, cursor: string | null) =>
      get<HistoryPage>(at('records', object, id, 'history'), { cursor }),
    searchPeople: (search: string) => get<PeopleReply>(at('people'), { search }),
    /** Null for somebody whom this person may not choose. */
    findPerson: async (id: string) => (await get<PeopleReply>(at('people'), { id })).people[0] ?? null,

    ...createFlowCalls(send, base, () => asking.user?.() ?? null),

    files: {
      send: (file: File, how: { readonly signal: AbortSignal; onProgress(part: number): void }) =>
        sendFile(at('files'), file, { ...how, locale: asking.locale(), user: asking.user?.() ?? null }),
      describe: async (ids: readonly string[]) =>
        (await get<FileList>(at('files'), { ids: ids.slice(0, 100).join(',') })).files,
      href: (id: string) => at('files', id),
    },

    readEarnings: (query: { plan?: string; earner?: string } = {}) =>
      get<EarningsReply>(at('earnings'), query),
    listLedger: (query: {
      plan?: string
      earner?: string
      window?: string
      record?: string
      limit?: number
      cursor?: string | null
    }) => get<LedgerPage>(at('ledger'), query),
    readExplanation: (entry: string) => get<Explanation>(at('ledger', entry, 'explanation')),
  }
}

export type WorkspaceApi = ReturnType<typeof createWorkspaceApi>

/** Calls of one server, for the portal and the designer alike. */
export function createApi(baseUrl: string, options: TransportOptions) {
  const send = createTransport(baseUrl, options)
  const session = '/api/v1/session'
  return {
    send,
    workspace: (key: string) => createWorkspaceApi(send, key, options),
    /** Null for a stranger. */
    readSession: async (): Promise<Session | null> => {
      try {
        return (await send<Session>('GET', session, { anonymous: true })).data
      } catch (error) {
        if (isProblem(error) && error.status === 401) return null
        throw error
      }
    },
    signIn: (body: SignIn) => send<unknown>('POST', session, { body, anonymous: true }),
    signOut: () => send<unknown>('DELETE', session, { anonymous: true }),
    signOutEverywhere: () => send<unknown>('DELETE', '/api/v1/sessions', { anonymous: true }),
    changeLocale: (locale: Locale) => {
      const user = options.user?.() ?? null
      const headers: Record<string, string> = user === null ? {} : { 'X-CW-User': user }
      return send<unknown>('PATCH', `${session}/user`, { body: { locale }, headers, anonymous: true })
    },
    readInvitation: async (token: string) =>
      (
        await send<OpenInvitation>('GET', `/api/v1/invitations/${encodeURIComponent(token)}`, {
          anonymous: true,
        })
      ).data,
    acceptInvitation: (token: string, body: AcceptInvitation) =>
      send<unknown>('POST', `/api/v1/invitations/${encodeURIComponent(token)}`, { body, anonymous: true }),
  }
}
export type Api = ReturnType<typeof createApi>
