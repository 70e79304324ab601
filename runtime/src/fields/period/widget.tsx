import { Group, Input } from '@mantine/core'
import { isJsonObject, type Json } from '../../json.ts'
import { DateWidget } from '../date/widget.tsx'
import { addDays } from '../date-entry.ts'
import { describeInput, type FieldWidgetProps, useWords } from '../face.tsx'

/**
 * First and last day. The stored period is half open (its `to` is the first day after), people speak of the last
 * day that still counts.
 */
export function PeriodWidget(props: FieldWidgetProps) {
  const say = useWords()
  const period = isJsonObject(props.value) ? props.value : {}
  const from = typeof period.from === 'string' ? period.from : undefined
  const until = typeof period.to === 'string' ? addDays(period.to, -1) : undefined
  const change = (nextFrom: Json | undefined, nextUntil: Json | undefined) => {
    if (nextFrom === undefined && nextUntil === undefined) return props.onChange(undefined)
    props.onChange({
      from: nextFrom ?? null,
      to: typeof nextUntil === 'string' ? addDays(nextUntil, 1) : null,
    })
  }
  const inner = (name: string, label: string, value: string | undefined) => ({
    ...props,
    id: `${props.id}-${name}`,
    label: `${props.label}: ${label}`,
    value,
    bare: true,
    errors: [],
  })
  const { placeholder: _, variant: __, 'aria-required': ___, ...wrapper } = describeInput(props)
  const days = (
    <Group gap={6} wrap="nowrap" align="center">
      <Framed>
        <DateWidget
          {...inner('from', say({ en: 'first day', zh: '开始日' }), from)}
          onChange={(next) => change(next, until)}
        />
      </Framed>
      <span aria-hidden>–</span>
      <Framed>
        <DateWidget
          {...inner('until', say({ en: 'last day', zh: '结束日' }), until)}
          onChange={(next) => change(from, next)}
        />
      </Framed>
    </Group>
  )
  if (props.bare) return days
  return (
    <Input.Wrapper {...wrapper} labelElement="div">
      {days}
    </Input.Wrapper>
  )
}

function Framed({ children }: { children: React.ReactNode }) {
  return (
    <div
      style={{
        flex: 1,
        minWidth: 0,
        border: '1px solid var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-md)',
      }}
    >
      {children}
    </div>
  )
}
