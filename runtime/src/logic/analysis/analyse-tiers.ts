import { tiersOrder } from '../../errors/analysis.ts'
import { diagnose } from '../../errors/diagnose.ts'
import { findBandMethod } from '../../incentives/index.ts'
import { isJsonObject } from '../../json.ts'
import { parseDecimal } from '../decimal.ts'
import type { CallNode } from '../ir.ts'
import { shiftUnits } from '../scaled.ts'
import { fallsOf, type TableFinding } from './analyse-table.ts'

/** Places that the value of a band can have. */
const places = 20

/** Bands of a `tiers` node whose value falls where the amount rises, as in decision tables. `rows` are their numbers. */
export function analyseTiers(node: CallNode): TableFinding[] {
  const { settings, path, raw } = node
  // Fixed amounts of slices add up, so that a smaller one above is no fall.
  if (findBandMethod(String(settings.method))?.sliced && settings.unit === 'fixed') return []
  const written = settings.bands as unknown as readonly (readonly [string, string])[]
  const bands = written.map(([, text], i) => {
    const number = parseDecimal(text)!
    return { row: i + 1, text, value: shiftUnits(number.units, places - number.scale) }
  })
  const at = isJsonObject(raw) ? `${path}/tiers/2` : path
  return fallsOf(bands).map(({ band, before }) => ({
    ...diagnose(
      tiersOrder,
      `${at}/${band.row - 1}/1`,
      { row: band.row, value: band.text, before: before.row, least: before.text },
      { severity: 'warning' },
    ),
    rows: [before.row, band.row],
  }))
}
