import { Input, Skeleton } from '@mantine/core'
import { type ComponentType, lazy, Suspense } from 'react'
import { BooleanWidget } from '../../src/fields/boolean/widget.tsx'
import { ChoiceWidget } from '../../src/fields/choice/widget.tsx'
import { DecimalWidget } from '../../src/fields/decimal/widget.tsx'
import { EmailWidget } from '../../src/fields/email/widget.tsx'
import type { FieldWidgetProps } from '../../src/fields/face.tsx'
import { IntegerWidget } from '../../src/fields/integer/widget.tsx'
import { LongTextWidget } from '../../src/fields/long_text/widget.tsx'
import { MoneyWidget } from '../../src/fields/money/widget.tsx'
import { MultiChoiceWidget } from '../../src/fields/multi_choice/widget.tsx'
import { PercentWidget } from '../../src/fields/percent/widget.tsx'
import { PhoneWidget } from '../../src/fields/phone/widget.tsx'
import { ReferenceWidget } from '../../src/fields/reference/widget.tsx'
import { SequenceWidget } from '../../src/fields/sequence/widget.tsx'
import { TextWidget } from '../../src/fields/text/widget.tsx'
import { UrlWidget } from '../../src/fields/url/widget.tsx'
import { UserWidget } from '../../src/fields/user/widget.tsx'

/**
 * Calendars and the grid of lines are large and not on every form: they come when the first one is drawn. Until then
 * the field keeps its place.
 */
function whenDrawn(load: () => Promise<ComponentType<FieldWidgetProps>>): ComponentType<FieldWidgetProps> {
  const Loaded = lazy(async () => ({ default: await load() }))
  return (props) => (
    <Suspense fallback={<Awaited {...props} />}>
      <Loaded {...props} />
    </Suspense>
  )
}

function Awaited({ bare, label, help }: FieldWidgetProps) {
  const room = <Skeleton height={36} radius="md" />
  if (bare) return room
  return (
    <Input.Wrapper label={label} description={help} labelElement="div">
      {room}
    </Input.Wrapper>
  )
}

const DateWidget = whenDrawn(async () => {
  const [{ DateWidget }] = await Promise.all([
    import('../../src/fields/date/widget.tsx'),
    import('./calendars.ts'),
  ])
  return DateWidget
})
const DatetimeWidget = whenDrawn(async () => {
  const [{ DatetimeWidget }] = await Promise.all([
    import('../../src/fields/datetime/widget.tsx'),
    import('./calendars.ts'),
  ])
  return DatetimeWidget
})
const PeriodWidget = whenDrawn(async () => {
  const [{ PeriodWidget }] = await Promise.all([
    import('../../src/fields/period/widget.tsx'),
    import('./calendars.ts'),
  ])
  return PeriodWidget
})
const FileWidget = whenDrawn(async () => (await import('../../src/fields/file/widget.tsx')).FileWidget)
const ImageWidget = whenDrawn(async () => (await import('../../src/fields/image/widget.tsx')).ImageWidget)
const LinesWidget = whenDrawn(async () => (await import('../../src/fields/lines/widget.tsx')).LinesWidget)

/** The inputs of the field types; a type without one is edited as text. */
const widgets: Readonly<Record<string, ComponentType<FieldWidgetProps>>> = {
  boolean: BooleanWidget,
  choice: ChoiceWidget,
  date: DateWidget,
  datetime: DatetimeWidget,
  decimal: DecimalWidget,
  email: EmailWidget,
  file: FileWidget,
  image: ImageWidget,
  integer: IntegerWidget,
  lines: LinesWidget,
  long_text: LongTextWidget,
  money: MoneyWidget,
  multi_choice: MultiChoiceWidget,
  percent: PercentWidget,
  period: PeriodWidget,
  phone: PhoneWidget,
  reference: ReferenceWidget,
  sequence: SequenceWidget,
  text: TextWidget,
  url: UrlWidget,
  user: UserWidget,
}

export function widgetOf(fieldType: string): ComponentType<FieldWidgetProps> {
  return widgets[fieldType] ?? TextWidget
}
