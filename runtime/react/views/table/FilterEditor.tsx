import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { FieldDefinition } from '../../../src/definition/object.ts'
import { useFace } from '../../../src/fields/face.tsx'
import type { FilterOperator } from '../../../src/fields/field-type.ts'
import { findFieldType } from '../../../src/fields/index.ts'
import { titleOf } from '../../../src/fields/shared.ts'
import type { Json } from '../../../src/json.ts'
import { widgetOf } from '../../fields/widgets.tsx'
import type { WordKey } from '../../words/en.ts'
import { useSpeech } from '../../words/i18n.ts'
import { type Condition, firstOperator } from './conditions.ts'

export interface FilterField {
  readonly key: string
  readonly field: FieldDefinition
}

/** What a comparison is called on a field: days are before and after, not less and more. */
export function operatorWord(op: FilterOperator, field: FieldDefinition): WordKey {
  const timely = ['date', 'datetime', 'period'].includes(field['x-field'])
  if (!timely) return `filter.${op}`
  const words: Partial<Record<FilterOperator, WordKey>> = {
    '==': 'filter.on',
    '<': 'filter.before',
    '<=': 'filter.onBefore',
    '>': 'filter.after',
    '>=': 'filter.onAfter',
  }
  return words[op] ?? `filter.${op}`
}

/** The conditions of a list, one line each; what a field offers is what its type names. */
export function FilterEditor({
  fields,
  conditions,
  onChange,
  titles,
}: {
  fields: readonly FilterField[]
  conditions: readonly Condition[]
  onChange(conditions: readonly Condition[]): void
  titles: Readonly<Record<string, string>>
}) {
  const { say } = useSpeech()
  const replace = (index: number, condition: Condition) =>
    onChange(conditions.map((one, i) => (i === index ? condition : one)))
  const add = () => {
    const used = new Set(conditions.map((one) => one.field))
    const next = fields.find((one) => !used.has(one.key)) ?? fields[0]
    if (next) onChange([...conditions, { field: next.key, op: firstOperator(next.field) }])
  }
  return (
    <Stack gap="sm">
      {conditions.map((condition, index) => (
        <ConditionLine
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition is its place
          key={index}
          index={index}
          fields={fields}
          condition={condition}
          onChange={(next) => replace(index, next)}
          onRemove={() => onChange(conditions.filter((_, i) => i !== index))}
          titles={titles}
        />
      ))}
      <Group justify="space-between">
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={add}>
          {say('table.addFilter')}
        </Button>
        {conditions.length > 0 && (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange([])}>
            {say('table.clearFilters')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function ConditionLine({
  index,
  fields,
  condition,
  onChange,
  onRemove,
  titles,
}: {
  index: number
  fields: readonly FilterField[]
  condition: Condition
  onChange(condition: Condition): void
  onRemove(): void
  titles: Readonly<Record<string, string>>
}) {
  const { say, locale } = useSpeech()
  const known = fields.find((one) => one.key === condition.field)
  if (!known) return null
  const { field } = known
  const operators = findFieldType(field['x-field'])?.filters ?? []
  const title = titleOf(field, locale)
  return (
    <div className="cw-condition">
      <div className="cw-condition-field">
        <Select
          aria-label={say('filter.field')}
          data={fields.map((one) => ({ value: one.key, label: titleOf(one.field, locale) }))}
          value={condition.field}
          allowDeselect={false}
          onChange={(key) => {
            const next = fields.find((one) => one.key === key)
            if (next) onChange({ field: next.key, op: firstOperator(next.field) })
          }}
          comboboxProps={{ withinPortal: false }}
        />
      </div>
      <div className="cw-condition-operator">
        <Select
          aria-label={say('filter.operator')}
          data={operators.map((op) => ({ value: op, label: say(operatorWord(op, field)) }))}
          value={condition.op}
          allowDeselect={false}
          onChange={(op) => op && onChange({ field: condition.field, op: op as FilterOperator })}
          comboboxProps={{ withinPortal: false }}
        />
      </div>
      <div className="cw-condition-value">
        <ConditionValue
          id={`condition-${index}`}
          label={title}
          field={field}
          condition={condition}
          titles={titles}
          onChange={(value) => onChange({ ...condition, value })}
        />
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={say('table.removeFilter', { title })}
        onClick={onRemove}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  )
}

/** The input for what is compared with: several choices, a pair, a day, or the field's own. */
function ConditionValue({
  id,
  label,
  field,
  condition,
  onChange,
  titles,
}: {
  id: string
  label: string
  field: FieldDefinition
  condition: Condition
  onChange(value: Json | undefined): void
  titles: Readonly<Record<string, string>>
}) {
  const { say } = useSpeech()
  const { touch } = useFace()
  const { op, value } = condition
  if (op === 'exists' || op === 'empty') return null
  const common = { required: false, readonly: false, errors: [], titles }
  const boxed = (
    name: string,
    aria: string,
    one: Json | undefined,
    change: (value: Json | undefined) => void,
  ) => {
    const Widget = widgetOf(comparedAs(field))
    return (
      <div className="cw-boxed">
        <Widget
          {...common}
          id={`${id}-${name}`}
          label={aria}
          field={field}
          value={one}
          onChange={change}
          bare
        />
      </div>
    )
  }
  if (field['x-field'] === 'boolean') {
    return (
      <Select
        aria-label={label}
        data={[
          { value: 'true', label: say('filter.yes') },
          { value: 'false', label: say('filter.no') },
        ]}
        value={typeof value === 'boolean' ? String(value) : null}
        onChange={(next) => onChange(next === null ? undefined : next === 'true')}
        comboboxProps={{ withinPortal: false }}
      />
    )
  }
  if (op === 'in' && ['choice', 'multi_choice'].includes(field['x-field'])) {
    const Widget = widgetOf('multi_choice')
    return (
      <div className="cw-boxed">
        <Widget {...common} id={id} label={label} field={field} value={value} onChange={onChange} bare />
      </div>
    )
  }
  if (op === 'in')
    return boxed('one', label, Array.isArray(value) ? value[0] : undefined, (one) =>
      onChange(one === undefined ? undefined : [one]),
    )
  if (op === 'between') {
    const [low, high] = Array.isArray(value) ? value : []
    return (
      <Group gap={4} wrap={touch ? 'wrap' : 'nowrap'} align="center">
        {boxed('low', `${label}: ${say('filter.from')}`, low ?? undefined, (one) =>
          onChange([one ?? null, high ?? null]),
        )}
        <Text size="sm" c="dimmed">
          {say('filter.to')}
        </Text>
        {boxed('high', `${label}: ${say('filter.to')}`, high ?? undefined, (one) =>
          onChange([low ?? null, one ?? null]),
        )}
      </Group>
    )
  }
  return boxed('value', label, value, onChange)
}

/** Instants are filtered by day, part of a multi-choice is one choice, long text is searched by a line. */
function comparedAs(field: FieldDefinition): string {
  const type = field['x-field']
  if (type === 'datetime' || type === 'period') return 'date'
  if (type === 'multi_choice') return 'choice'
  return ['long_text', 'sequence', 'email', 'phone', 'url'].includes(type) ? 'text' : type
}
