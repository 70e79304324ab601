import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Failpoint } from '@channelwright/server/jobs/failpoint.ts'
import { testSecret } from './secret.ts'

// The real server as a process of its own, to be killed. Built as `npm start` builds it, because it starts in a third
// of the time that the TypeScript takes; into a folder of its own, so that a build beside it takes nothing away.

const root = fileURLToPath(new URL('../..', import.meta.url))
const testWorld = fileURLToPath(new URL('test-world.mjs', import.meta.url))

export interface BuiltServer {
  readonly file: string
  /** Takes the files away again. */
  remove(): Promise<void>
}

export async function buildTestServer(): Promise<BuiltServer> {
  // Beside the server's packages, where Node finds them.
  const parent = join(root, 'server', 'node_modules', '.cache', `test-${randomBytes(6).toString('hex')}`)
  const folder = join(parent, 'built')
  const { buildServer } = (await import(
    new URL('../../server/boot/build-server.mjs', import.meta.url).href
  )) as { buildServer(folder: string): Promise<void> }
  await buildServer(folder)
  return {
    file: join(folder, 'main.js'),
    remove: () => rm(parent, { recursive: true, force: true }),
  }
}

export interface ServerSettings {
  readonly databaseUrl: string
  readonly dataDir: string
  /** Where it dies: `effect.applied`, `effect.applied:2` at the second time. */
  readonly failpoint?: Failpoint | `${Failpoint}:${number}`
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** How long it may take to be ready, in ms; default 150 s, for a machine that does much else. */
  readonly patience?: number
}

export interface ServerProcess {
  readonly url: string
  readonly port: number
  readonly child: ChildProcess
  /** Resolves with the signal that ended it. */
  readonly death: Promise<NodeJS.Signals | null>
  isAlive(): boolean
  /** SIGKILL, as a power cut; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the signal that ended it, null where it ended by itself. */
  stop(): Promise<NodeJS.Signals | null>
  /** The clock of this process jumps: so many ms from the machine's. */
  shiftClock(by: number): void
  /** What it has written. */
  said(): string
}

/** Starts it and waits until it is ready; throws with what it said when it ends before. */
export async function startServerProcess(
  built: BuiltServer,
  { databaseUrl, dataDir, failpoint, port: wanted, env, patience = 150_000 }: ServerSettings,
): Promise<ServerProcess> {
  const port = wanted ?? (await findFreePort())
  const child = spawn(process.execPath, ['--import', testWorld, built.file], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      CW_SECRET: testSecret,
      CW_DATA_DIR: dataDir,
      CW_BASE_URL: `http://localhost:${port}`,
      CW_LOG_LEVEL: 'error',
      PORT: String(port),
      // Set by npm, it would make the server end with npm's shell.
      npm_lifecycle_event: '',
      ...env,
      ...(failpoint === undefined ? {} : { CHANNELWRIGHT_FAILPOINT: failpoint }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  const keep = (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-20_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  let gone = false
  const death = once(child, 'exit').then(([, signal]) => {
    gone = true
    return signal as NodeJS.Signals | null
  })
  const url = `http://127.0.0.1:${port}`
  const end = Date.now() + patience
  while ((await fetch(`${url}/readyz`).catch(() => undefined))?.status !== 200) {
    if (gone) throw new Error(`the server ended before it was ready: ${said}`)
    if (Date.now() > end) {
      child.kill('SIGKILL')
      throw new Error(`the server was not ready within ${patience} ms: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    port,
    child,
    death,
    isAlive: () => !gone,
    async kill() {
      child.kill('SIGKILL')
      await death
    },
    stop() {
      child.kill('SIGTERM')
      return death
    },
    shiftClock(by) {
      child.send({ shiftClock: by })
    },
    said: () => said,
  }
}

export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
