import type { NodeTraits } from '../node-traits.ts'

export const traits: NodeTraits = { splits: 'or', conditional: true }
