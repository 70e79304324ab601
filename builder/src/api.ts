import type {
  CaseResult,
  CheckReply,
  CheckRequest,
  DefinitionList,
  DefinitionText,
  PlanReply,
  PublicationReply,
  PublishRequest,
  ReleaseBundle,
  ReleaseList,
  SaveDraft,
} from '@channelwright/runtime/api/definitions.ts'
import type {
  ReplayBody,
  ReplayLine,
  SimulateBody,
  SimulateReply,
} from '@channelwright/runtime/api/flow-trials.ts'
import type { SignIn } from '@channelwright/runtime/api/identity.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { createWorkspaceApi, type ListQuery } from '@channelwright/runtime/react/api/client.ts'
import { isProblem } from '@channelwright/runtime/react/api/problem.ts'
import { type CallOptions, createTransport, type Method } from '@channelwright/runtime/react/api/transport.ts'
import type { createInvitation } from '@channelwright/server/routes/create-invitation.ts'
import type { listFlowHooks, renewFlowHookSecret } from '@channelwright/server/routes/flow-hooks.ts'
import type { getSession } from '@channelwright/server/routes/get-session.ts'
import type { listMembers } from '@channelwright/server/routes/list-members.ts'
import type { listRoles } from '@channelwright/server/routes/list-roles.ts'
import type { updateMember } from '@channelwright/server/routes/update-member.ts'
import type { Static } from 'typebox'
import { askToSignIn } from './session/ask-to-sign-in.ts'
import { words } from './words.ts'

export type Session = Static<(typeof getSession)['output']>
export type MemberPage = Static<(typeof listMembers)['output']>
export type RoleList = Static<(typeof listRoles)['output']>
export type HookList = Static<(typeof listFlowHooks)['output']>
type Party = NonNullable<RoleList['party']>
type NewInvitation = Static<NonNullable<(typeof createInvitation)['body']>>
type Invitation = Static<(typeof createInvitation)['output']>
type MemberChange = Static<NonNullable<(typeof updateMember)['body']>>

/** Whose page this is: the first person the server named. Never another one without a fresh page. */
let owner: string | null = null

export const transport = createTransport('', {
  locale: () => (words.language.startsWith('zh') ? 'zh' : 'en'),
  onSignedOut: askToSignIn,
  user: () => owner,
})

async function call<T>(method: Method, path: string, options?: CallOptions): Promise<T> {
  return (await transport<T>(method, path, options)).data
}

const of = (workspace: string) => `/api/v1/${encodeURIComponent(workspace)}`

const hookOf = (workspace: string, flow: string) =>
  `${of(workspace)}/flows/${encodeURIComponent(flow)}/hook-secret`

/** Everything the designer asks of the server. */
export const api = {
  async readSession(): Promise<Session> {
    const session = await call<Session>('GET', '/api/v1/session', { anonymous: true })
    owner ??= session.user.id
    return session
  },
  signIn: (body: SignIn) => transport<unknown>('POST', '/api/v1/session', { body, anonymous: true }),
  readSchema: (kind: string) => call<JsonObject>('GET', `/schemas/${encodeURIComponent(kind)}.json`),
  listDefinitions: (workspace: string) => call<DefinitionList>('GET', `${of(workspace)}/definitions`),
  readSource: (workspace: string, pack: string, path: string) =>
    call<DefinitionText>('GET', `${of(workspace)}/definitions/source`, { query: { pack, path } }),
  saveDraft: (workspace: string, body: SaveDraft) =>
    call<DefinitionText>('PUT', `${of(workspace)}/drafts`, { body }),
  discardDraft: (workspace: string, pack: string, path: string, rev: number) =>
    call<DefinitionText>('DELETE', `${of(workspace)}/drafts`, { query: { pack, path, rev } }),
  checkDrafts: (workspace: string, body: CheckRequest) =>
    call<CheckReply>('POST', `${of(workspace)}/drafts/check`, { body }),
  cancelPublication: (workspace: string, id: string) =>
    call<PublicationReply>('POST', `${of(workspace)}/publications/${encodeURIComponent(id)}/cancel`, {
      body: {},
    }),
  planPublication: (workspace: string) =>
    call<PlanReply>('POST', `${of(workspace)}/drafts/plan`, { body: {} }),
  publish: (workspace: string, body: PublishRequest) =>
    call<PublicationReply>('POST', `${of(workspace)}/drafts/publish`, { body }),
  readPublication: (workspace: string, id: string) =>
    call<PublicationReply>('GET', `${of(workspace)}/publications/${encodeURIComponent(id)}`),
  listReleases: (workspace: string) => call<ReleaseList>('GET', `${of(workspace)}/releases`),
  rollBack: (workspace: string, number: number) =>
    call<PublicationReply>('POST', `${of(workspace)}/releases/${number}/rollback`, { body: {} }),
  exportRelease: (workspace: string, number: number) =>
    call<ReleaseBundle>('GET', `${of(workspace)}/releases/${number}/export`),
  listRoles: (workspace: string) => call<RoleList>('GET', `${of(workspace)}/roles`),
  listMembers: (workspace: string, search: string, cursor: string | null) =>
    call<MemberPage>('GET', `${of(workspace)}/members`, { query: { search, cursor } }),
  updateMember: (workspace: string, member: string, body: MemberChange) =>
    call<MemberPage['members'][number]>('PATCH', `${of(workspace)}/members/${member}`, { body }),
  invite: (workspace: string, body: NewInvitation) =>
    call<Invitation>('POST', `${of(workspace)}/invitations`, { body }),
  /** Organisation id → name, for ids at hand. */
  readPartnerTitles: (workspace: string, party: Party, ids: readonly string[]) =>
    listPartners(workspace, party, { filter: { in: [{ var: 'id' }, [...ids]] } }),
  searchPartners: (workspace: string, party: Party, search: string) =>
    listPartners(workspace, party, { search }),
  listHooks: (workspace: string) => call<HookList>('GET', `${of(workspace)}/flow-hooks`),
  renewHookSecret: (workspace: string, flow: string, atOnce: boolean) =>
    call<Static<(typeof renewFlowHookSecret)['output']>>('POST', hookOf(workspace, flow), {
      body: { atOnce },
    }),
  dropHookSecret: (workspace: string, flow: string) =>
    call<{ dropped: boolean }>('DELETE', hookOf(workspace, flow)),
  simulateFlow: (workspace: string, flow: string, body: SimulateBody) =>
    call<SimulateReply>('POST', `${of(workspace)}/flows/${encodeURIComponent(flow)}/simulate`, { body }),
  /** Line by line as they come; `signal` cancels it. */
  replayFlow: (
    workspace: string,
    flow: string,
    body: ReplayBody,
    onLine: (line: ReplayLine) => void,
    signal: AbortSignal,
  ) =>
    readLines(`${of(workspace)}/flows/${encodeURIComponent(flow)}/replay`, body, signal, (line) =>
      onLine(line as ReplayLine),
    ),
  /** Records of an object by what names them. */
  async searchRecords(workspace: string, object: string, display: string, search: string) {
    const page = await createWorkspaceApi(transport, workspace).listRecords({
      object,
      fields: display,
      limit: 20,
      ...(search === '' ? {} : { search }),
    })
    return page.records.map((record) => ({ value: record.id, label: String(record[display] ?? record.id) }))
  },
  runCases: (workspace: string) =>
    call<{ cases: CaseResult[] }>('POST', `${of(workspace)}/cases/run`, { body: {} }),
}

/** An answer of one JSON text per line, each handed on when it is there. Throws what the server says. */
async function readLines(
  path: string,
  body: unknown,
  signal: AbortSignal,
  onLine: (line: unknown) => void,
): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    signal,
    headers: {
      'Accept-Language': words.language.startsWith('zh') ? 'zh' : 'en',
      'Content-Type': 'application/json',
      ...(owner === null ? {} : { 'X-CW-User': owner }),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => null)) as { message?: string } | null
    throw new Error(problem?.message ?? `HTTP ${response.status}`)
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') onLine(JSON.parse(line))
  }
}

async function listPartners(workspace: string, party: Party, query: ListQuery): Promise<Map<string, string>> {
  const page = await createWorkspaceApi(transport, workspace).listRecords({
    object: party.object,
    fields: party.display,
    limit: 200,
    ...query,
  })
  return new Map(page.records.map((record) => [record.id, String(record[party.display] ?? '')]))
}

export function isConflict(error: unknown): boolean {
  return isProblem(error) && (error.status === 409 || error.status === 412)
}
