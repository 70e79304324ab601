import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { testSecret } from './secret.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What `npm run cw --` stands for; npm itself would only add its own second. */
export const cwProgram = `'${process.execPath}' '${root}server/boot/cw.mjs'`

export interface CwRun {
  /** Where the command is typed. */
  readonly folder: string
  /** Null: a command that needs no database, and finds out when it does. */
  readonly databaseUrl: string | null
  readonly language?: string
}

export interface CwResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a line of a shell in which `npm run cw --` is the command line of this repository. */
export function runShell(
  line: string,
  { folder, databaseUrl, language = 'en_US.UTF-8' }: CwRun,
): Promise<CwResult> {
  const child = spawn('sh', ['-c', line.replaceAll('npm run cw --', cwProgram)], {
    cwd: folder,
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl ?? 'postgres://nobody@127.0.0.1:1/none',
      CW_SECRET: testSecret,
      CW_DATA_DIR: folder,
      INIT_CWD: folder,
      LC_ALL: language,
      CW_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out: out.join(''), err: err.join('') }))
  })
}

/** `cw` with these words. */
export function runCw(words: readonly string[], run: CwRun): Promise<CwResult> {
  return runShell(['npm run cw --', ...words.map((word) => `'${word}'`)].join(' '), run)
}
