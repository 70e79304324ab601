import type { CaseResult } from '@channelwright/runtime/api/definitions.ts'
import { type CaseDefinition, repeatStep } from '@channelwright/runtime/definition/case.ts'
import { readCase } from '@channelwright/runtime/definition/check-case.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { isCasePath, isDefinitionPath } from '../publish/definition-store.ts'
import type { Services } from '../services.ts'
import { checkExpectations, checkRefusal } from './case-expect.ts'
import { CaseFailure } from './case-failure.ts'
import { doStep, type StepOutcome } from './case-steps.ts'
import { createCaseClock } from './case-time.ts'
import { CaseWorld } from './case-world.ts'
import { personsCommands } from './command-targets.ts'
import { ScratchWorkspaces } from './scratch.ts'

export interface RunCasesOptions {
  /** Called when a case is done. */
  readonly report?: (result: CaseResult) => void
  /** Only cases of these packs; default all. */
  readonly packs?: ReadonlySet<string>
}

/**
 * Runs the cases among the sources against the definitions among them: each in a scratch workspace that it has for
 * itself, through the server's own code, under the case's clock; nothing of it stays. Never throws for what a case does: a case that
 * cannot even begin has failed at step 0.
 */
export async function runCases(
  services: Services,
  sources: readonly DefinitionSource[],
  options: RunCasesOptions = {},
): Promise<CaseResult[]> {
  const definitions = sources.filter((source) => isDefinitionPath(source.path))
  const results: CaseResult[] = []
  const scratches = new ScratchWorkspaces(services)
  try {
    for (const source of sources.filter((one) => isCasePath(one.path))) {
      if (options.packs && !options.packs.has(source.pack)) continue
      const result = await runCase(services, definitions, source, scratches)
      options.report?.(result)
      results.push(result)
    }
  } finally {
    await scratches.close()
  }
  return results
}

async function runCase(
  services: Services,
  definitions: readonly DefinitionSource[],
  source: DefinitionSource,
  scratches: ScratchWorkspaces,
): Promise<CaseResult> {
  const began = performance.now()
  const read = readCase(source, {
    commands: [...personsCommands],
    ...(source.text.includes('"route"') ? { routes: await routeNames() } : {}),
  })
  const nameless = { en: source.path, zh: source.path }
  const title = read.definition?.title ?? nameless
  const finish = (failure: CaseResult['failure']): CaseResult => ({
    pack: source.pack,
    path: source.path,
    title,
    passed: failure === null,
    failure,
    milliseconds: Math.round(performance.now() - began),
  })
  const { definition } = read
  if (definition === null) {
    const first = read.diagnostics.find((found) => found.severity === 'error')
    const message = first?.message ?? nameless
    return finish({
      step: 0,
      message,
      pointer: first?.path ?? '',
      line: first?.line ?? 1,
      difference: null,
    })
  }
  let step = 0
  let world: CaseWorld | null = null
  try {
    const clock = createCaseClock(definition.clock)
    world = await CaseWorld.open(services, clock, definition, definitions, scratches)
    for (const [index, one] of definition.steps.entries()) {
      step = index + 1
      for (const again of repeatStep(one)) await runStep(world, again, `/steps/${index}`)
    }
    return finish(null)
  } catch (error) {
    if (!(error instanceof CaseFailure) && !(error instanceof Refusal))
      services.log.debug({ err: error, case: source.path }, 'a case broke off')
    // Nobody knows what else of it is still under way.
    world?.change()
    const told = error instanceof CaseFailure ? error : null
    const pointer = told?.pointer ?? (step === 0 ? '/given' : `/steps/${step - 1}`)
    return finish({
      step,
      message: describeFailure(error),
      pointer,
      line: read.lineOf(pointer),
      difference: told?.difference ?? null,
    })
  } finally {
    await world?.close()
  }
}

/** The routes run cases themselves; only cases that call need them. */
async function routeNames(): Promise<string[]> {
  const { routeList } = await import('../routes/index.ts')
  return routeList.map((route) => route.name)
}

async function runStep(
  world: CaseWorld,
  step: CaseDefinition['steps'][number],
  pointer: string,
): Promise<void> {
  const refused = step.expect?.refused
  let error: unknown = null
  let outcome: StepOutcome = {}
  try {
    outcome = await doStep(world, step, pointer)
  } catch (thrown) {
    if (thrown instanceof CaseFailure || refused === undefined) throw thrown
    error = thrown
  }
  if (refused !== undefined) {
    if (error === null) {
      throw new CaseFailure(
        {
          en: `The step was to be refused with ${refused.code}, but it succeeded (at ${pointer}/expect/refused)`,
          zh: `该步骤应被拒绝(${refused.code}),但已成功(位置 ${pointer}/expect/refused)`,
        },
        `${pointer}/expect/refused`,
      )
    }
    await checkRefusal(world, refused, error, `${pointer}/expect/refused`)
  }
  if (step.expect) await checkExpectations(world, step.expect, outcome, `${pointer}/expect`)
}

function describeFailure(error: unknown): Text {
  if (error instanceof CaseFailure) return error.text
  if (error instanceof Refusal) {
    const details = error.details.slice(0, 5)
    const say = (locale: 'en' | 'zh') =>
      [
        `${error.code}: ${error.definition.message[locale].replace(/\{(\w+)\}/g, (whole, name: string) => String(error.values[name] ?? whole))}`,
        ...details.map((detail) => `${detail.path} ${detail.code}: ${detail.message[locale]}`),
      ].join('; ')
    return {
      en: `Refused, though nothing of the kind was expected: ${say('en')}`,
      zh: `意外被拒绝:${say('zh')}`,
    }
  }
  const text = error instanceof Error ? error.message : String(error)
  return { en: `The step broke off: ${text}`, zh: `步骤中断:${text}` }
}
