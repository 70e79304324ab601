import type { PersonsCommand } from '../flows/command.ts'

export interface CommandTarget {
  readonly on: 'task' | 'run'
  /** The right that its route asks for. */
  readonly right?: 'administer_flows'
}

/** What the server's commands are about. A command that the server learns gets its line here. */
export const commandTargets: Readonly<Record<PersonsCommand['type'], CommandTarget>> = {
  decide: { on: 'task' },
  withdraw: { on: 'run' },
  terminate: { on: 'run', right: 'administer_flows' },
  retry: { on: 'run', right: 'administer_flows' },
}
