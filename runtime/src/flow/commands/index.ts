import { addSigners } from './add_signers.ts'
import { decide } from './decide.ts'
import { delegate } from './delegate.ts'
import { effectDone, effectFailed } from './effects.ts'
import { jump } from './jump.ts'
import { migrate } from './migrate.ts'
import { childEnded, signal } from './news.ts'
import { parentLeft } from './parent_left.ts'
import { partMended } from './part_mended.ts'
import { delegationEnded, personLeft } from './people.ts'
import { reassign } from './reassign.ts'
import { reckon } from './reckon.ts'
import { remind } from './remind.ts'
import { removeSigner } from './remove_signer.ts'
import { reopen } from './reopen.ts'
import { resume } from './resume.ts'
import { retry } from './retry.ts'
import { sendBackCommand } from './send_back.ts'
import { skip } from './skip.ts'
import { start } from './start.ts'
import { suspend } from './suspend.ts'
import { takeBack } from './take_back.ts'
import { terminate } from './terminate.ts'
import { timer } from './timer.ts'
import { transfer } from './transfer.ts'
import { withdraw } from './withdraw.ts'

/** THE list of commands: what people do to their tasks and runs, what administrators do, what the system reports. */
export const commandKinds = [
  decide,
  sendBackCommand,
  transfer,
  delegate,
  addSigners,
  removeSigner,
  takeBack,
  reassign,
  start,
  withdraw,
  remind,
  terminate,
  suspend,
  resume,
  retry,
  skip,
  jump,
  reopen,
  migrate,
  effectDone,
  effectFailed,
  timer,
  signal,
  childEnded,
  personLeft,
  delegationEnded,
  parentLeft,
  partMended,
  reckon,
] as const
