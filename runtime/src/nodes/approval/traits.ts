import type { NodeTraits } from '../node-traits.ts'

export const traits: NodeTraits = { tasks: true }
