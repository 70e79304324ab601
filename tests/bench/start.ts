import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BenchFigure, figure } from './figure.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** From the command to the first page, on an empty data folder and on a filled one; memory once it is idle. */
export async function benchStart(): Promise<BenchFigure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cw-bench-start-'))
  try {
    const cold = await startOnce(dataDir)
    const warm = await startOnce(dataDir)
    return [
      {
        ...figure('first start, packages and screens in place', cold.seconds, 's'),
        note: 'makes the database and the demo',
      },
      figure('second start', warm.seconds, 's'),
      {
        ...figure('memory at rest', warm.mebibytes, 'MiB'),
        note: 'resident set of the server, without Postgres',
      },
    ]
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function startOnce(dataDir: string): Promise<{ seconds: number; mebibytes: number }> {
  const port = await findFreePort()
  const began = performance.now()
  const server = spawn(process.execPath, ['server/boot/start.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), CW_DATA_DIR: dataDir, DATABASE_URL: '', INIT_CWD: root },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  try {
    await waitForPage(`http://127.0.0.1:${port}/readyz`, 600_000)
    await waitForPage(`http://127.0.0.1:${port}/`, 10_000)
    const seconds = (performance.now() - began) / 1000
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    return { seconds, mebibytes: (await readResidentKib(server.pid ?? 0)) / 1024 }
  } finally {
    server.kill('SIGTERM')
    await ended
  }
}

async function waitForPage(url: string, within: number): Promise<void> {
  const until = performance.now() + within
  while (performance.now() < until) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${url} did not answer within ${within / 1000} s`)
}

async function readResidentKib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
