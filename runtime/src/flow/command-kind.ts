import type { Static, TObject } from 'typebox'
import type { FlowDefinition } from '../definition/flow.ts'
import type { Text } from '../text.ts'
import type { Engine } from './engine.ts'
import type { Denial } from './refuse.ts'
import type { FlowRun, Task } from './run.ts'

/** What is known when a button is to be shown or a command judged. */
export interface CommandView {
  readonly flow: FlowDefinition
  readonly run: FlowRun
  /** Who would give it; null: the system. */
  readonly person: string | null
  /** Whether they administer flows: the server knows. */
  readonly admin: boolean
  readonly now: string
}

/**
 * Who may give a command. The engine holds assignees, applicants and those who added a signer to it; who administers
 * flows is asked by whoever passes the command on.
 */
export type GivenBy = 'assignee' | 'adder' | 'applicant' | 'admin' | 'system'

/** Everything the platform knows of one command. The list is `commands/index.ts`. */
export interface CommandKind<
  N extends string = string,
  O extends 'task' | 'run' = 'task' | 'run',
  B extends GivenBy = GivenBy,
  P extends TObject = TObject,
> {
  readonly name: N
  /** On a button. */
  readonly title: Text
  /** After a name: "took it back". */
  readonly done: Text
  readonly on: O
  readonly by: B
  /** What is said beside `type`, `by` and, on a task, `task` and `taskRev`, on a run `runRev`. */
  readonly payload: P
  /** Run states in which it is given. Default: running, returned, incident. */
  readonly during?: readonly FlowRun['status'][]
  /**
   * What keeps the command from being given now, beside who gives it and the run's state; null: nothing. The button
   * is shown by the rule that the command obeys.
   */
  allowed?(view: CommandView, task: Task | null): Denial | null
  apply(engine: Engine, command: CommandOf<N, O, B, P>): void
}

/** A command as it reaches the engine. `runRev`: the run as whoever gives the command saw it; without it any will do. */
export type CommandOf<N extends string, O, B, P extends TObject> = { readonly type: N } & Static<P> &
  (O extends 'task' ? { readonly task: string; readonly taskRev: number } : { readonly runRev?: number }) &
  (B extends 'system' ? unknown : { readonly by: string })

/** Of a list of kinds, every command that can be given. */
export type CommandsOf<K> =
  K extends CommandKind<infer N, infer O, infer B, infer P> ? CommandOf<N, O, B, P> : never

export function defineCommand<
  const N extends string,
  const O extends 'task' | 'run',
  const B extends GivenBy,
  P extends TObject,
>(kind: CommandKind<N, O, B, P>): CommandKind<N, O, B, P> {
  return kind
}
