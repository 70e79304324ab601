import * as analysis from './analysis.ts'
import * as calendars from './calendars.ts'
import * as cases from './cases.ts'
import type { ErrorCode } from './create-error.ts'
import * as definitions from './definitions.ts'
import * as documents from './documents.ts'
import * as fields from './fields.ts'
import * as files from './files.ts'
import * as flowChecks from './flow-checks.ts'
import * as flowEvidence from './flow-evidence.ts'
import * as flowPeople from './flow-people.ts'
import * as flowPicks from './flow-picks.ts'
import * as flowService from './flow-service.ts'
import * as flowStarts from './flow-starts.ts'
import * as flowTrials from './flow-trials.ts'
import * as flowTriggers from './flow-triggers.ts'
import * as flows from './flows.ts'
import * as forms from './forms.ts'
import * as formula from './formula.ts'
import * as http from './http.ts'
import * as identity from './identity.ts'
import * as incentives from './incentives.ts'
import * as logic from './logic.ts'
import * as organisation from './organisation.ts'
import * as publishing from './publishing.ts'
import * as records from './records.ts'
import * as ruleImport from './rule-import.ts'
import * as tables from './tables.ts'
import * as uploads from './uploads.ts'

/**
 * THE list of error codes, by family: one file and one line each, sorted. `docs/errors.md` is written from it by
 * `tests/support/write-error-page.ts` and kept equal by `tests/contract/errors.test.ts`.
 */
export const families = {
  analysis,
  calendars,
  cases,
  definitions,
  documents,
  fields,
  files,
  flowChecks,
  flowPeople,
  flowEvidence,
  flowPicks,
  flowService,
  flowStarts,
  flowTriggers,
  flowTrials,
  flows,
  formula,
  forms,
  logic,
  http,
  identity,
  incentives,
  organisation,
  ruleImport,
  publishing,
  records,
  tables,
  uploads,
} satisfies Record<string, Record<string, ErrorCode>>

/** Every code, in the order of the list. */
export const codes: readonly ErrorCode[] = Object.values(families).flatMap((family) =>
  Object.values<ErrorCode>(family),
)
