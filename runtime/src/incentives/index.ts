import type { BandMethod } from './band-method.ts'
import marginal from './marginal/method.ts'
import whole from './whole/method.ts'

/** THE list of band methods, one line each, sorted. */
export const bandMethods: readonly BandMethod[] = [marginal, whole]

export function findBandMethod(name: string): BandMethod | undefined {
  return bandMethods.find((method) => method.name === name)
}
