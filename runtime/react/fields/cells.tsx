import type { ComponentType } from 'react'
import type { FieldDefinition } from '../../src/definition/object.ts'
import { BooleanCell } from '../../src/fields/boolean/cell.tsx'
import { ChoiceCell } from '../../src/fields/choice/cell.tsx'
import { DateCell } from '../../src/fields/date/cell.tsx'
import { DatetimeCell } from '../../src/fields/datetime/cell.tsx'
import { DecimalCell } from '../../src/fields/decimal/cell.tsx'
import { EmailCell } from '../../src/fields/email/cell.tsx'
import { type FieldCellProps, useFace } from '../../src/fields/face.tsx'
import { FileCell } from '../../src/fields/file/cell.tsx'
import { ImageCell } from '../../src/fields/image/cell.tsx'
import { findFieldType } from '../../src/fields/index.ts'
import { IntegerCell } from '../../src/fields/integer/cell.tsx'
import { MoneyCell } from '../../src/fields/money/cell.tsx'
import { MultiChoiceCell } from '../../src/fields/multi_choice/cell.tsx'
import { PercentCell } from '../../src/fields/percent/cell.tsx'
import { PeriodCell } from '../../src/fields/period/cell.tsx'
import { PhoneCell } from '../../src/fields/phone/cell.tsx'
import { ReferenceCell } from '../../src/fields/reference/cell.tsx'
import { UrlCell } from '../../src/fields/url/cell.tsx'
import type { Json } from '../../src/json.ts'
import { formatMoment } from '../parts/moments.ts'

const cells: Readonly<Record<string, ComponentType<FieldCellProps>>> = {
  boolean: BooleanCell,
  choice: ChoiceCell,
  date: DateCell,
  datetime: DatetimeCell,
  decimal: DecimalCell,
  email: EmailCell,
  file: FileCell,
  image: ImageCell,
  integer: IntegerCell,
  money: MoneyCell,
  multi_choice: MultiChoiceCell,
  percent: PercentCell,
  period: PeriodCell,
  phone: PhoneCell,
  reference: ReferenceCell,
  url: UrlCell,
}

/** Numbers stand under each other at the right. */
export function isNumeric(field: FieldDefinition): boolean {
  return ['money', 'decimal', 'integer', 'percent'].includes(field['x-field'])
}

/** A value as text, in the reader's language and the workspace's time zone. */
export function useFormat(): (
  value: Json | undefined,
  field: FieldDefinition,
  titles?: Readonly<Record<string, string>>,
) => string {
  const { locale, timeZone } = useFace()
  return (value, field, titles) => {
    if (value === undefined || value === null || value === '') return ''
    if (field['x-field'] === 'datetime' && typeof value === 'string')
      return formatMoment(value, locale, timeZone)
    return findFieldType(field['x-field'])?.format(value, field, locale, titles) ?? String(value)
  }
}

/** A value of a record as lists and pages show it; a dash where there is none. */
export function FieldValue({
  value,
  field,
  titles,
}: {
  value: Json | undefined
  field: FieldDefinition
  titles?: Readonly<Record<string, string>>
}) {
  const format = useFormat()
  if (value === undefined || value === null || value === '') return <span aria-hidden>—</span>
  const text = format(value, field, titles)
  const Cell = cells[field['x-field']]
  return Cell ? <Cell field={field} value={value} text={text} titles={titles} /> : text
}
