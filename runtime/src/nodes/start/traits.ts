import type { NodeTraits } from '../node-traits.ts'

export const traits: NodeTraits = { place: 'start', tasks: true }
