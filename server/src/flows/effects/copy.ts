import { copyTo } from '../copies.ts'
import type { ApplyEffect } from './index.ts'

/** Lets people read the run from now on, and tells them; each once per run. */
export const copyEffect: ApplyEffect = async (unit, run, payload) => ({
  copied: await copyTo(unit, run.id, String(payload.node), payload.readers),
})
