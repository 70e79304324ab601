import type { MigrationOutcome, MigrationReply } from '@channelwright/runtime/api/migrations.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { nothingPublished } from '@channelwright/runtime/errors/publishing.ts'
import { formatText, type Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

interface Options {
  readonly workspace: string
  readonly from?: string
  readonly run?: string[]
  readonly map: readonly string[]
  readonly resolve?: boolean
  readonly restart?: boolean
  readonly apply?: boolean
  readonly reason?: string
  readonly json?: boolean
}

const words = {
  about: {
    en: 'look what moving open cases to the release in force would come to, and move them with --apply',
    zh: '预检将进行中的流程迁移到当前发布版的结果;加 --apply 执行迁移',
  },
  flow: { en: 'key of the flow', zh: '流程标识' },
  workspace: { en: 'key of the workspace', zh: '工作区标识' },
  from: { en: 'only cases that follow this release', zh: '仅迁移该版本上的流程' },
  run: { en: 'only these cases (ids)', zh: '仅迁移这些流程(ID)' },
  map: {
    en: 'step of the old flow = step of the new one, by x-id (may be repeated)',
    zh: '旧步骤=新步骤,按 x-id(可重复)',
  },
  resolve: { en: 'find the approvers of active steps anew', zh: '重新确定进行中步骤的审批人' },
  restart: { en: 'terminate the cases and submit them again', zh: '终止并重新发起' },
  apply: { en: 'move them; without it nothing is changed', zh: '执行迁移;不加则不做任何改动' },
  reason: { en: 'why; stands in the history of each case', zh: '原因,写入每个流程的历史' },
  json: { en: 'print the report as JSON', zh: '以 JSON 输出报告' },
  total: { en: 'release {release}: {said}', zh: '版本 {release}:{said}' },
  none: { en: 'no open case follows another release', zh: '没有进行中的流程在其他版本上' },
  why: { en: 'Say why with --reason.', zh: '请用 --reason 填写原因。' },
} as const

const outcomes: Readonly<Record<MigrationOutcome, { en: string; zh: string }>> = {
  waiting: { en: 'waiting', zh: '等待中' },
  would_move: { en: 'would move', zh: '可迁移' },
  would_restart: { en: 'would begin anew', zh: '可重新发起' },
  moved: { en: 'moved', zh: '已迁移' },
  restarted: { en: 'begun anew', zh: '已重新发起' },
  refused: { en: 'refused', zh: '不可迁移' },
  failed: { en: 'failed', zh: '失败' },
}

/**
 * `cw flow migrate FLOW --workspace KEY [--map OLD=NEW] [--apply --reason TEXT]`. Exit code 1 when a case was, or would
 * be, refused.
 */
export function addFlowMigrate(flow: Command, locale: Locale): void {
  flow
    .command('migrate')
    .description(words.about[locale])
    .argument('<flow>', words.flow[locale])
    .requiredOption('--workspace <key>', words.workspace[locale])
    .option('--from <release>', words.from[locale])
    .option('--run <id...>', words.run[locale])
    .option('--map <old=new>', words.map[locale], (one: string, all: readonly string[]) => [...all, one], [])
    .option('--resolve', words.resolve[locale])
    .option('--restart', words.restart[locale])
    .option('--apply', words.apply[locale])
    .option('--reason <text>', words.reason[locale])
    .option('--json', words.json[locale])
    .action(async (key: string, options: Options) => {
      if (options.apply && !options.reason?.trim()) {
        console.error(words.why[locale])
        process.exitCode = 1
        return
      }
      const report = await migrate(key, options, locale)
      console.log(options.json ? JSON.stringify(report, null, 2) : describe(report, locale))
      if (report.counts.refused + report.counts.failed > 0) process.exitCode = 1
    })
}

async function migrate(key: string, options: Options, locale: Locale): Promise<MigrationReply> {
  const [{ withServices }, { inUnit }, { engineActor, nobody }, migrations, { readWorkspace }] =
    await Promise.all([
      import('./with-services.ts'),
      import('../db/unit.ts'),
      import('../flows/engine-actor.ts'),
      import('../flows/migrations.ts'),
      import('../publish/workspace.ts'),
    ])
  return withServices(async (services) => {
    await readWorkspace(services, options.workspace)
    const served = await services.releases.current(options.workspace)
    if (!served) throw new Refusal(nothingPublished)
    const engine = engineActor(services, served, nobody)
    const id = await inUnit(services, served, engine, (unit) =>
      migrations.startMigration(unit, {
        flow: key,
        how: options.restart ? 'restart' : 'move',
        people: options.resolve ? 'resolve' : 'keep',
        dry: options.apply !== true,
        mapping: Object.fromEntries(options.map.map((one) => one.split('=') as [string, string])),
        ...(options.from === undefined ? {} : { from: Number(options.from) }),
        ...(options.run === undefined ? {} : { runs: options.run }),
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      }),
    )
    // Here and now; a server that takes the job up beside it finds each case done.
    await migrations.workMigration(services, options.workspace, id)
    return inUnit(services, served, engine, async (unit) => {
      const first = await migrations.readMigration(unit, locale, id, { limit: 200 })
      const runs = [...first.runs]
      for (let { next } = first; next !== null; ) {
        const page = await migrations.readMigration(unit, locale, id, { limit: 200, cursor: next })
        runs.push(...page.runs)
        next = page.next
      }
      return { ...first, runs, next: null }
    })
  })
}

function describe({ release, counts, runs }: MigrationReply, locale: Locale): string {
  const said = (Object.keys(outcomes) as MigrationOutcome[])
    .filter((one) => counts[one] > 0)
    .map((one) => `${counts[one]} ${outcomes[one][locale]}`)
  const lines = runs.map(({ run, title, outcome, problem, report }) => {
    const ways = (report?.steps ?? []).map(({ from, to }) => `${from[locale]} → ${to?.[locale] ?? '⟲'}`)
    const about = problem === null ? ways.join(', ') : `${problem.message} (${problem.code})`
    return `  ${run}  ${title ?? ''}  ${outcomes[outcome][locale]}  ${about}`
  })
  const total = formatText(words.total, locale, { release, said: said.join(', ') || words.none[locale] })
  return [total, ...lines].join('\n')
}
