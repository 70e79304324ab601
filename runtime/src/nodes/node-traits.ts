import type { Gate } from '../flow/gate.ts'

/** Where nodes of a type stand in the shape of a flow, and whether people act there; in its folder as `traits.ts`. */
export interface NodeTraits extends Gate {
  /** Its edges carry conditions: tried in order, one is the default. */
  readonly conditional?: boolean
  /** It has tasks, which people answer with its `decisions`. */
  readonly tasks?: true
}
