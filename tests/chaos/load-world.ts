import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Composed, composeServices, createLogger } from '@channelwright/server/compose.ts'
import { type EmbeddedPostgres, startEmbedded } from '@channelwright/server/db/embedded.ts'
import { type CutProxy, startCutProxy, throughPort } from '../support/cut-proxy.ts'
import { castDeal, type DealCast } from '../support/deal-cast.ts'
import { castErrands, type ErrandCast } from '../support/errand-pack.ts'
import { type HookReceiver, startHookReceiver } from '../support/hook-receiver.ts'
import type { LiveServer } from '../support/live-server.ts'
import { type MailReceiver, startMailReceiver } from '../support/mail-receiver.ts'
import type { TestMember } from '../support/members.ts'
import { castRequests, type RequestCast } from '../support/request-pack.ts'
import {
  type BuiltServer,
  findFreePort,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.ts'
import { testConfig } from '../support/services.ts'

/** One of the servers beside the database, with the wires that lead to it and from it. */
export interface Place {
  /** Where clients reach it, over a wire that can be cut. */
  readonly url: string
  readonly toClients: CutProxy
  readonly toDatabase: CutProxy
  server: ServerProcess | null
  /** Nobody but the trouble ends it: a death that nobody wanted is a fault. */
  wanted: boolean
  start(): Promise<void>
  kill(): Promise<void>
}

export interface LoadWorld {
  readonly composed: Composed
  readonly places: readonly Place[]
  readonly deals: DealCast
  readonly director: TestMember
  readonly requests: RequestCast
  readonly errands: ErrandCast
  readonly hook: HookReceiver
  readonly mail: MailReceiver
  /** By the id of the person. */
  readonly people: ReadonlyMap<string, TestMember>
  /** The process that is Postgres at this moment. */
  postgres(): Promise<number>
  /** Faults that are no row: servers that ended by themselves. */
  readonly faults: string[]
  /** How long each start of a server took, in ms. */
  readonly starts: readonly number[]
  close(): Promise<void>
}

/** A Postgres of its own, which is started again by what `npm start` uses, two servers, three workspaces. */
export async function openLoadWorld(built: BuiltServer): Promise<LoadWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'cw-chaos-'))
  // Not disposable: what was committed must be there after Postgres has died.
  const database = await startEmbedded({ dir, password: 'chaos' })
  const composed = await composeServices(testConfig(database.url), {
    connections: 8,
    log: createLogger({ logLevel: 'silent' }),
  })
  const live: LiveServer = { url: '', services: composed.services, close: async () => undefined }
  const hook = await startHookReceiver()
  const mail = await startMailReceiver()
  const deals = await castDeal(live, 'deals')
  const director = await deals.deal.join({ name: 'Dora Director', roles: ['director'] })
  const requests = await castRequests(live, 'requests')
  const errands = await castErrands(composed.services, 'errands', hook.url)
  const members = [
    ...[deals.rep, deals.otherRep, deals.manager, deals.admin, director],
    ...[requests.asker, requests.lead, requests.deputy, requests.finance, requests.legal, requests.keeper],
    ...[errands.asker, errands.lead, errands.deputy, errands.finance, errands.keeper],
  ]
  const faults: string[] = []
  const starts: number[] = []
  const env = { CW_WEBHOOK_HOSTS: hook.host, CW_SMTP_URL: mail.url }
  const places: Place[] = []
  for (let count = 0; count < 2; count++)
    places.push(await openPlace(built, database, dir, env, faults, starts))
  return {
    composed,
    places,
    deals,
    director,
    requests,
    errands,
    hook,
    mail,
    people: new Map(members.map((member) => [member.user, member])),
    async postgres() {
      return Number((await readFile(join(dir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
    },
    faults,
    starts,
    async close() {
      for (const place of places) {
        await place.kill()
        await place.toClients.close()
        await place.toDatabase.close()
      }
      await composed.close()
      await hook.close()
      await mail.close()
      await database.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function openPlace(
  built: BuiltServer,
  database: EmbeddedPostgres,
  dataDir: string,
  env: Readonly<Record<string, string>>,
  faults: string[],
  starts: number[],
): Promise<Place> {
  const port = await findFreePort()
  const toClients = await startCutProxy(port)
  const toDatabase = await startCutProxy(Number(new URL(database.url).port))
  const databaseUrl = throughPort(database.url, toDatabase.port)
  const place: Place = {
    url: `http://127.0.0.1:${toClients.port}`,
    toClients,
    toDatabase,
    server: null,
    wanted: false,
    async start() {
      const began = Date.now()
      const server = await startServerProcess(built, { databaseUrl, dataDir, port, env })
      starts.push(Date.now() - began)
      place.server = server
      place.wanted = true
      void server.death.then((signal) => {
        if (place.wanted && place.server === server)
          faults.push(`a server ended by itself (${signal}): ${server.said().slice(-2_000)}`)
        if (place.server === server) place.server = null
      })
    },
    async kill() {
      place.wanted = false
      await place.server?.kill()
      place.server = null
    },
  }
  return place
}
