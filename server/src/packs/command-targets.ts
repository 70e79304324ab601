import { findCommand } from '@channelwright/runtime/flow/advance.ts'
import type { CommandKind } from '@channelwright/runtime/flow/command-kind.ts'
import { commandKinds } from '@channelwright/runtime/flow/commands/index.ts'

/** A command that a person can give, by the name that the core has for it. */
export function findPersonsCommand(name: string): CommandKind | undefined {
  const kind = findCommand(name)
  return kind === undefined || kind.by === 'system' ? undefined : kind
}

/** Names of all of them. */
export const personsCommands: readonly string[] = commandKinds
  .filter((kind) => kind.by !== 'system')
  .map((kind) => kind.name)
