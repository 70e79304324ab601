import type {
  BatchBody,
  BatchReply,
  CommandBody,
  CommandReply,
  DecisionBody,
  Delegation,
  DelegationBody,
  DelegationList,
  FlowFigures,
  InboxFilter,
  KeptMailPage,
  NotificationPage,
  PickList,
  RunBoxPage,
  RunList,
  RunPage,
  RunReply,
  StartBody,
  StartList,
  TaskPage,
  TaskReply,
} from '../../src/api/flows.ts'
import type {
  FlowVersionList,
  FlowVersions,
  MigrationBody,
  MigrationReply,
} from '../../src/api/migrations.ts'
import type { PeopleReply } from '../../src/api/records.ts'
import type { Transport } from './transport.ts'

type Query = Readonly<Record<string, string | number | boolean | undefined | null>>
interface Paged {
  readonly limit?: number
  readonly cursor?: string | null
}

/** Which runs an administrator asks for. */
export type RunStateWanted = 'open' | 'stuck' | 'late' | 'closed'

/** Typed calls of tasks, runs and what surrounds them. Every failure is an `ApiProblem`. */
export function createFlowCalls(send: Transport, base: string, user: () => string | null) {
  const at = (...parts: string[]) => `${base}/${parts.map(encodeURIComponent).join('/')}`
  const get = async <T>(path: string, query?: Query) => (await send<T>('GET', path, { query })).data
  const post = async <T>(path: string, body: unknown) => (await send<T>('POST', path, { body })).data

  return {
    listTasks: (query: { state: 'todo' | 'done' } & InboxFilter & Paged) =>
      get<TaskPage>(at('tasks'), { ...query }),
    readTask: (id: string) => get<TaskReply>(at('tasks', id)),
    decideTask: (id: string, body: DecisionBody) => post<CommandReply>(at('tasks', id, 'decision'), body),
    commandTask: (id: string, command: string, body: CommandBody) =>
      post<CommandReply>(at('tasks', id, command), body),
    approveTasks: (body: BatchBody) => post<BatchReply>(at('tasks', 'batch'), body),

    /** Flows that are started by a button on the record. */
    listStarts: (object: string, record: string) => get<StartList>(at('flow-starts'), { object, record }),
    /** `key`: made once for this start; sent again it is answered again and begins nothing twice. */
    startFlow: async (flow: string, body: StartBody, key: string) =>
      (
        await send<{ readonly run: string }>('POST', at('flows', flow, 'start'), {
          body,
          headers: { 'Idempotency-Key': key },
        })
      ).data,
    readStartPicks: (flow: string) => get<PickList>(at('flows', flow, 'picks')),
    searchPickable: (flow: string, node: string, query: { task?: string; search?: string }) =>
      get<PeopleReply>(at('flows', flow, 'steps', node, 'people'), query),

    listRuns: (object: string, record: string) => get<RunList>(at('runs'), { object, record }),
    readRun: (id: string) => get<RunReply>(at('runs', id)),
    commandRun: (id: string, command: string, body: CommandBody) =>
      post<CommandReply>(at('runs', id, command), body),
    markRunRead: async (id: string) => {
      await send<undefined>('POST', at('runs', id, 'read'), {})
    },
    listRunBox: (query: { box: 'started' | 'copied' } & InboxFilter & Paged) =>
      get<RunBoxPage>(at('inbox', 'runs'), { ...query }),
    /** Address of the stream of `InboxCounts`; it names whose page asks, since a stream is opened without headers. */
    inboxEvents: () => {
      const owner = user()
      return at('inbox', 'events') + (owner === null ? '' : `?user=${encodeURIComponent(owner)}`)
    },

    listFlowRuns: (query: { state?: RunStateWanted; search?: string; flow?: string } & Paged) =>
      get<RunPage>(at('flow-runs'), { ...query }),
    readFigures: (query: { flow?: string; days?: number }) =>
      get<FlowFigures>(at('flow-figures'), { ...query }),

    listFlowVersions: () => get<FlowVersionList>(at('flow-versions')),
    readFlowVersions: (flow: string) => get<FlowVersions>(at('flow-versions', flow)),
    startMigration: (body: MigrationBody) => post<MigrationReply>(at('flow-migrations'), body),
    readMigration: (id: string, query: Paged) => get<MigrationReply>(at('flow-migrations', id), { ...query }),

    listDelegations: () => get<DelegationList>(at('delegations')),
    createDelegation: (body: DelegationBody) => post<Delegation>(at('delegations'), body),
    endDelegation: async (id: string) => {
      await send<unknown>('DELETE', at('delegations', id))
    },

    listKeptMail: (search: string) => get<KeptMailPage>(at('kept-mail'), { search }),

    clearKeptMail: async () => (await send<{ readonly cleared: number }>('DELETE', at('kept-mail'), {})).data,

    listNotifications: (query: Paged) => get<NotificationPage>(at('notifications'), { ...query }),
    readNotifications: (body: { ids: readonly string[] } | { all: true }) =>
      post<unknown>(at('notifications', 'read'), body),
  }
}
