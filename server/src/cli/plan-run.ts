import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

const words = {
  about: { en: 'compute a plan and post the differences', zh: '计算激励政策并入账差额' },
  plan: { en: 'key of the plan', zh: '激励政策标识' },
  workspace: { en: 'key of the workspace', zh: '工作区标识' },
  simulate: { en: 'compute and compare, post nothing', zh: '仅计算和比较,不入账' },
  recompute: {
    en: 'bring windows that begin on or after this day (YYYY-MM-DD) to the plan as it stands now',
    zh: '将起始日不早于该日期(YYYY-MM-DD)的周期按现行政策重新计算',
  },
  posted: {
    en: '{windows} windows computed, {entries} entries posted: {posted}',
    zh: '计算 {windows} 个周期,入账 {entries} 条分录,合计 {posted}',
  },
  simulated: {
    en: '{windows} windows computed; {entries} entries would be posted: {posted}',
    zh: '计算 {windows} 个周期;将入账 {entries} 条分录,合计 {posted}',
  },
} as const

/** `cw plan run KEY --workspace KEY [--simulate] [--recompute-from DAY]` */
export function addPlanRun(plan: Command, locale: Locale): void {
  plan
    .command('run')
    .description(words.about[locale])
    .argument('<plan>', words.plan[locale])
    .requiredOption('--workspace <key>', words.workspace[locale])
    .option('--simulate', words.simulate[locale])
    .option('--recompute-from <day>', words.recompute[locale])
    .action(
      async (key: string, options: { workspace: string; simulate?: boolean; recomputeFrom?: string }) => {
        const [{ withServices }, { runPlanNow }] = await Promise.all([
          import('./with-services.ts'),
          import('../incentives/run-due-plan.ts'),
        ])
        const run = await withServices((services) =>
          runPlanNow(services, options.workspace, key, {
            simulate: options.simulate ?? false,
            ...(options.recomputeFrom === undefined ? {} : { recomputeFrom: options.recomputeFrom }),
          }),
        )
        const text = run.simulate ? words.simulated[locale] : words.posted[locale]
        console.log(
          text.replace(/\{(\w+)\}/g, (whole, name: string) =>
            String((run as unknown as Record<string, unknown>)[name] ?? whole),
          ),
        )
        for (const change of run.changes) {
          console.log(
            `  ${change.window_from} – ${change.window_to}  ${change.earner}  ${change.delta} → ${change.amount}`,
          )
        }
      },
    )
}
