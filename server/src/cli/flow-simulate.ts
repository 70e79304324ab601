import { readFile } from 'node:fs/promises'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowTrialInput } from '@channelwright/runtime/errors/flow-trials.ts'
import type { SimulatedStep } from '@channelwright/runtime/flow/simulate.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

interface Options {
  readonly flow: string
  readonly workspace?: string
  readonly as?: string
  readonly release?: boolean
  readonly record: string
  readonly people?: string
  readonly applicant?: string
  readonly at?: string
  readonly decide: readonly string[]
  readonly json?: boolean
  readonly locale: string
}

/**
 * `cw flow simulate DIR… --flow KEY --record FILE`: who would get which task when and why, on a virtual clock and
 * without a database. `cw flow simulate --workspace KEY --flow KEY --record ID`: the same over the real people of a
 * workspace, by its draft. Exit code 0 when the case comes to an end, 1 when it stands still or the packs are not sound.
 */
export function addFlowSimulate(flow: Command): void {
  flow
    .command('simulate')
    .description('walk a case through a flow: of packs without a database, or of a workspace with its people')
    .argument('[dir...]', 'folders of packs, or a folder that holds packs')
    .option('--workspace <key>', 'the flow of this workspace, as drafted, instead of packs')
    .option('--release', 'with --workspace: the flow in force instead of its draft')
    .option('--as <email>', 'with --workspace: the member who looks; default whoever may design')
    .requiredOption('--flow <key>', 'which flow')
    .requiredOption(
      '--record <file>',
      'JSON of the record, references as objects where rules read through them; with --workspace its id, or JSON',
    )
    .option('--people <file>', 'JSON: "role:sales", "superiors:ID", "group:KEY", "admin" … → list of ids')
    .option('--applicant <id>', 'who submits it; default "applicant", in a workspace whoever looks')
    .option('--at <instant>', 'when it is submitted; default 2026-01-05T01:00:00.000Z, in a workspace now')
    .option('--decide <node=answer>', 'what is answered at a step; "-" for nothing', collect, [])
    .option('--json', 'print the whole simulation as JSON')
    .option('--locale <locale>', 'language of the sentences: en or zh', 'en')
    .action(async (folders: string[], options: Options, command: Command) => {
      const locale: Locale = options.locale === 'zh' ? 'zh' : 'en'
      if ((folders.length === 0) === (options.workspace === undefined)) command.error(either[locale])
      const { applicant = 'applicant', at = '2026-01-05T01:00:00.000Z' } = options
      const decisions = readAnswers(options.decide)
      if (decisions === null) command.error(unread[locale])
      const { describeReply, describeEnd } = await import('./trial-lines.ts')
      if (options.workspace !== undefined) {
        const { simulateInWorkspace } = await import('./simulate-in-workspace.ts')
        const { workspace } = options
        const { flow, walked } = await simulateInWorkspace({ ...options, workspace, decisions })
        console.log(options.json ? JSON.stringify(walked, null, 2) : describeReply(walked, flow, locale))
        if (walked.waits_at.length > 0) process.exitCode = 1
        return
      }
      const [{ readPacks }, { buildRelease }, { peopleFromTable, simulateFlow }, answers] = await Promise.all(
        [
          import('../packs/read-pack.ts'),
          import('@channelwright/runtime/definition/build-release.ts'),
          import('@channelwright/runtime/flow/simulate.ts'),
          import('@channelwright/runtime/flow/check-answers.ts'),
        ],
      )
      const { release } = buildRelease((await readPacks(folders)).sources)
      const definition = release?.flows.get(options.flow)
      if (!release || !definition) {
        console.error(release ? unknown[locale] : unsound[locale])
        process.exitCode = 1
        return
      }
      const wrong = answers.checkAnswers(definition, decisions)
      if (wrong.length > 0) throw new Refusal(flowTrialInput, {}, wrong)
      const record = await readObject(options.record)
      const table = options.people === undefined ? {} : await readObject(options.people)
      const done = simulateFlow(definition, release, {
        record,
        applicant,
        now: at,
        people: peopleFromTable(readLists(table), record, applicant),
        decide: (task, offered) => {
          const answer = decisions[task.node]
          return answer === answers.noAnswer ? null : (answer ?? offered[0] ?? null)
        },
      })
      const { path, waitsAt: waits, status } = done
      const told = [
        ...done.steps.flatMap((step) => lines(step, locale)),
        describeEnd({ path, waits, status }, definition, locale),
      ]
      console.log(options.json ? JSON.stringify(done, null, 2) : told.join('\n'))
      if (done.waitsAt.length > 0) process.exitCode = 1
    })
}

const either = {
  en: 'Name folders of packs, or a workspace with --workspace.',
  zh: '请指定模板包目录,或用 --workspace 指定工作区。',
}
const unread = {
  en: 'Write answers as node=answer, such as n_manager=reject or n_manager=-.',
  zh: '作答请写作 节点=选项,例如 n_manager=reject 或 n_manager=-。',
}
const unknown = { en: 'There is no such flow in these packs.', zh: '模板包中没有该流程。' }
const unsound = {
  en: 'The packs can not be read; see cw pack check.',
  zh: '模板包存在错误,请运行 cw pack check。',
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

async function readObject(file: string): Promise<JsonObject> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'))
  if (!isJsonObject(value)) throw new Error(`${file} holds no JSON object`)
  return value
}

function readLists(table: JsonObject): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(table).map(([key, people]) => [
      key,
      Array.isArray(people) ? people.filter((one): one is string => typeof one === 'string') : [],
    ]),
  )
}

/** `node=answer`, each; null where one is not written so. */
function readAnswers(decide: readonly string[]): Readonly<Record<string, string>> | null {
  const answers = decide.map((one) => /^([^=]+)=(.+)$/.exec(one))
  if (answers.includes(null)) return null
  return Object.fromEntries(answers.map((found) => [found?.[1] ?? '', found?.[2] ?? '']))
}

function lines({ at, tasks, said }: SimulatedStep, locale: Locale): string[] {
  return [
    ...said.map((sentence) => `${at.slice(0, 16)}  ${sentence[locale]}`),
    ...tasks.map(({ assignee, because, dueAt }) => {
      const why = because.map(({ question }) => Object.values(question).map(String).join(' ')).join('; ')
      const due = dueAt === null ? '' : ` → ${dueAt.slice(0, 16)}`
      return `                  ${assignee} ← ${why || '–'}${due}`
    }),
  ]
}
