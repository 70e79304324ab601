import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

interface Options {
  readonly workspace: string
  readonly flow: string
  readonly last: string
  readonly release?: boolean
  readonly as?: string
  readonly json?: boolean
  readonly locale: string
}

/**
 * `cw flow replay --workspace KEY --flow KEY`: what would have become of the newest real cases by the draft of their
 * flow, with what people really decided. Nothing is written. Exit code 0 when all come to the same, 1 otherwise.
 */
export function addFlowReplay(flow: Command): void {
  flow
    .command('replay')
    .description('replay the newest real cases of a flow on its draft and tell the differences')
    .requiredOption('--workspace <key>', 'key of the workspace')
    .requiredOption('--flow <key>', 'which flow')
    .option('--last <number>', 'how many cases, 200 at most', '50')
    .option('--release', 'on the flow in force instead of its draft')
    .option('--as <email>', 'the member who looks; default whoever may design')
    .option('--json', 'print one JSON object per line: each case, then the sum')
    .option('--locale <locale>', 'language of the sentences: en or zh', 'en')
    .action(async (options: Options, command: Command) => {
      const locale: Locale = options.locale === 'zh' ? 'zh' : 'en'
      const last = Number(options.last)
      if (!Number.isInteger(last) || last < 1 || last > 200) command.error(range[locale])
      const [{ withServices }, { openTrialPlace }, { readTriedFlow }, { replayCases }, lines] =
        await Promise.all([
          import('./with-services.ts'),
          import('../flows/trial-actor.ts'),
          import('../flows/tried-flow.ts'),
          import('../flows/replay.ts'),
          import('./trial-lines.ts'),
        ])
      await withServices(async (services) => {
        const place = await openTrialPlace(services, options.workspace, options.as)
        const use = options.release === true ? 'release' : 'draft'
        const trial = await readTriedFlow(services, place.workspace, place.served, options.flow, { use })
        for await (const line of replayCases(place, trial, { last })) {
          if (line.kind === 'sum' && line.sum.same < line.sum.cases) process.exitCode = 1
          if (options.json) console.log(JSON.stringify(line))
          else if (line.kind === 'case') console.log(lines.describeCase(line.case, locale).join('\n'))
          else if (line.kind === 'sum') console.log(`\n${lines.describeSum(line.sum, locale).join('\n')}`)
        }
      })
    })
}

const range = { en: '--last takes a number from 1 to 200.', zh: '--last 取值为 1 到 200。' }
