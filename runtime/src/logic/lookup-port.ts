import type { Json, JsonObject } from '../json.ts'

/** Where the context of an evaluation holds the port. No path of a rule leads there. */
export const lookupPort = '$lookup'

export interface LookupRequest {
  readonly object: string
  /** Values of one unique key, by field. */
  readonly key: Readonly<Record<string, Json>>
}

/**
 * What the evaluator asks for a record: its fields, null where there is none, undefined where it is not at hand. The
 * evaluation then fails with E_LOOKUP; `createLookups` tells what was asked for, so that it can be fetched and the
 * rule run again.
 */
export type LookupPort = (request: LookupRequest) => JsonObject | null | undefined

/** Rounds of fetching before a rule whose keys hang on each other is given up. */
const mostRounds = 8

/**
 * Runs `work` with a port until everything that its rules look up is at hand: what is missing is fetched between two
 * runs. `work` must have no effect but its result.
 */
export async function runWithLookups<T>(
  fetch: (request: LookupRequest) => Promise<JsonObject | null>,
  work: (port: LookupPort) => T,
): Promise<T> {
  const found = new Map<string, JsonObject | null>()
  for (let round = 0; ; round++) {
    const missing = new Map<string, LookupRequest>()
    const result = work((request) => {
      const address = JSON.stringify([request.object, request.key])
      const known = found.get(address)
      if (known === undefined) missing.set(address, request)
      return known
    })
    if (missing.size === 0 || round === mostRounds) return result
    for (const [address, request] of missing) found.set(address, await fetch(request))
  }
}
