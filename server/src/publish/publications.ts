import type { CaseResult, PublicationReply } from '@channelwright/runtime/api/definitions.ts'
import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  publicationCancelled,
  publicationNotFound,
  publicationUnderWay,
  publishCasesFailed,
} from '@channelwright/runtime/errors/publishing.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import type { Services, Workspace } from '../services.ts'
import { type Published, type PublishOptions, PublishRefusal } from './publish-sources.ts'
import { runWorkspaceCases } from './run-workspace-cases.ts'

type Step = PublicationReply['steps'][number]

/** A publication whose server says nothing for so long died with it. */
const silenceMeansDeath = 30_000
const beatEvery = 5_000

const failed: Text = {
  en: 'The publish broke off; the release in force is unchanged. Try again.',
  zh: '发布中断;当前发布版保持不变。请重试。',
}

/**
 * Starts a publish and returns at once; whoever waits asks `readPublication`, on any server. `run` publishes with the
 * options it is handed, which carry the cases and the progress.
 */
export async function startPublication(
  services: Services,
  workspace: Workspace,
  author: string,
  run: (options: PublishOptions) => Promise<Published>,
): Promise<string> {
  const id = services.ids.next()
  await services.owner.query(
    `INSERT INTO channelwright.publication (id, workspace, status, steps, started_by, started_at, beat_at)
     VALUES ($1, $2, 'running', $3, $4, now(), now())`,
    [id, workspace.id, JSON.stringify(showSteps('check', [])), author],
  )
  void carryOut(services, id, author, run)
  return id
}

async function carryOut(
  services: Services,
  id: string,
  author: string,
  run: (options: PublishOptions) => Promise<Published>,
): Promise<void> {
  const record = new Recorder(services, id)
  const beat = setInterval(() => record.write(), beatEvery)
  beat.unref()
  try {
    const published = await run({
      author,
      async beforeApply(prepared) {
        record.steps = showSteps('cases', [])
        record.diagnostics = prepared.diagnostics
        record.write()
        record.cases = await runWorkspaceCases(services, prepared.sources)
        const wrong = record.cases.filter((one) => !one.passed)
        if (wrong.length) throw new Refusal(publishCasesFailed, { count: wrong.length })
        record.tables = prepared.steps.map((step) => step.words)
        record.steps = showSteps('tables', record.tables)
        // From here on it cannot be cancelled; whoever did so before is heard now.
        if (!(await record.goOn())) throw new Refusal(publicationCancelled)
      },
      report({ step }) {
        record.steps = showSteps('tables', record.tables, step)
        if (step > record.tables.length) record.steps = showSteps('switch', record.tables)
        record.write()
      },
    })
    record.steps = showSteps('done', record.tables)
    record.diagnostics = published.diagnostics
    await record.end('done', null, published.release)
  } catch (error) {
    record.steps = record.steps.map((step) =>
      step.status === 'running' ? { ...step, status: 'failed' } : step,
    )
    if (error instanceof Refusal) {
      if (error instanceof PublishRefusal) record.diagnostics = error.diagnostics
      const { message } = error.definition
      await record.end(
        'refused',
        { en: formatText(message, 'en', error.values), zh: formatText(message, 'zh', error.values) },
        null,
      )
    } else {
      services.log.error({ err: error, publication: id }, 'a publish broke off')
      await record.end('failed', failed, null)
    }
  } finally {
    clearInterval(beat)
  }
}

/** Writes what is known of a publication, one statement after the other. */
class Recorder {
  steps: Step[] = showSteps('check', [])
  diagnostics: readonly Diagnostic[] = []
  cases: readonly CaseResult[] = []
  tables: readonly Text[] = []
  private last: Promise<number | null> = Promise.resolve(null)
  constructor(
    private readonly services: Services,
    private readonly id: string,
  ) {}

  write(): void {
    void this.save('running', null, null)
  }

  async end(status: PublicationReply['status'], message: Text | null, release: number | null): Promise<void> {
    await this.save(status, message, release)
  }

  /** Writes the state down and tells whether the publish is still wanted. */
  async goOn(): Promise<boolean> {
    return (await this.save('running', null, null)) !== 0
  }

  private save(status: string, message: Text | null, release: number | null): Promise<number | null> {
    const values = [
      this.id,
      status,
      JSON.stringify(this.steps),
      JSON.stringify(this.diagnostics),
      JSON.stringify(this.cases),
      JSON.stringify(message),
      release,
    ]
    this.last = this.last
      .then(() =>
        this.services.owner.query(
          `UPDATE channelwright.publication SET status = $2, steps = $3, diagnostics = $4, cases = $5,
             message = NULLIF($6::jsonb, 'null'::jsonb), release = $7, beat_at = now(),
             ended_at = CASE WHEN $2 = 'running' THEN NULL ELSE now() END
           WHERE id = $1 AND status = 'running'`,
          values,
        ),
      )
      .then(({ rowCount }) => rowCount)
      .catch((error) => {
        this.services.log.warn(
          { err: error, publication: this.id },
          'the state of a publish could not be written',
        )
        return null
      })
    return this.last
  }
}

const phases: readonly { name: string; title: Text }[] = [
  { name: 'check', title: { en: 'Check the definitions and plan the tables', zh: '检查定义并规划数据表' } },
  { name: 'cases', title: { en: "Run the packs' cases", zh: '运行模板包用例' } },
  { name: 'tables', title: { en: 'Change the tables', zh: '变更数据表' } },
  { name: 'switch', title: { en: 'Bring the release into force', zh: '发布版生效' } },
]

/** The steps people watch, up to the phase at hand; the single changes of tables stand in place of their phase. */
function showSteps(phase: string, tables: readonly Text[], table = 0): Step[] {
  const names = phases.map((one) => one.name)
  const now = phase === 'done' ? names.length : names.indexOf(phase)
  return phases.flatMap(({ name, title }, at) => {
    const status = at < now ? 'done' : at === now ? 'running' : 'waiting'
    if (name !== 'tables' || !tables.length) return [{ name, title, status } as const]
    return tables.map((words, i): Step => {
      const own =
        status !== 'running' ? status : i + 1 < table ? 'done' : i + 1 === table ? 'running' : 'waiting'
      return { name: `table_${i + 1}`, title: words, status: own }
    })
  })
}

/**
 * Ends a publish that has not begun to change tables. Throws PUBLICATION_UNDER_WAY when it has; one that has ended
 * stays as it is. Throws PUBLICATION_NOT_FOUND.
 */
export async function cancelPublication(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
  id: string,
): Promise<void> {
  const { message } = publicationCancelled
  const { rowCount } = await services.owner.query(
    `UPDATE channelwright.publication SET status = 'refused', message = $3, ended_at = now()
     WHERE id = $1 AND workspace = $2 AND status = 'running' AND NOT EXISTS (
       SELECT FROM jsonb_array_elements(steps) AS step
       WHERE step->>'name' NOT IN ('check', 'cases') AND step->>'status' <> 'waiting')`,
    [id, workspace.id, JSON.stringify(message)],
  )
  if (rowCount) return
  const { rows } = await services.owner.query<{ status: string }>(
    'SELECT status FROM channelwright.publication WHERE id = $1 AND workspace = $2',
    [id, workspace.id],
  )
  if (!rows[0]) throw new Refusal(publicationNotFound)
  if (rows[0].status === 'running') throw new Refusal(publicationUnderWay)
}

/** How far a publication is. Throws PUBLICATION_NOT_FOUND. */
export async function readPublication(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
  id: string,
  locale: Locale,
): Promise<PublicationReply> {
  const { rows } = await services.owner.query<{
    status: PublicationReply['status']
    steps: Step[]
    diagnostics: Diagnostic[]
    cases: CaseResult[]
    message: Text | null
    release: number | null
    silent: boolean
  }>(
    `SELECT status, steps, diagnostics, cases, message, release,
            status = 'running' AND beat_at < now() - make_interval(secs => $3) AS silent
     FROM channelwright.publication WHERE id = $1 AND workspace = $2`,
    [id, workspace.id, silenceMeansDeath / 1000],
  )
  const row = rows[0]
  if (!row) throw new Refusal(publicationNotFound)
  const message = row.silent ? failed : row.message
  return {
    id,
    status: row.silent ? 'failed' : row.status,
    steps: row.steps,
    release: row.release,
    diagnostics: row.diagnostics,
    cases: row.cases,
    message: message?.[locale] ?? null,
  }
}
