import Type, { type Static } from 'typebox'

/** What splits say of their branches. */
export const branchSettings = {
  /** When the join goes on: once `all` branches have come (default), the first (`any`), or so many (`quorum`). */
  join: Type.Optional(
    Type.Union([
      Type.Literal('all'),
      Type.Literal('any'),
      Type.Object({ quorum: Type.Integer({ minimum: 1, maximum: 20 }) }, { additionalProperties: false }),
    ]),
  ),
  /**
   * A step of a branch was refused and has no edge for that. `cancel_siblings` (default): the others are broken off
   * and the whole block counts as refused. `wait_all`: the others finish first, then it does. `ignore`: the branch
   * is left out of the count; only when all are refused is the block.
   */
  onBranchReject: Type.Optional(Type.Enum(['cancel_siblings', 'wait_all', 'ignore'])),
}

const BranchRules = Type.Object(branchSettings)
export type BranchRules = Static<typeof BranchRules>
