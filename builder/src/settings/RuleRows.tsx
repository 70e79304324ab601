import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { choicesOf, titleOf } from '@channelwright/runtime/fields/shared.ts'
import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import { formulaFields, readFormula, writeFormula } from '@channelwright/runtime/logic/formula/index.ts'
import { Button, Fieldset, Group, Input, Select, Stack, TextInput } from '@mantine/core'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { scopeAt } from '../editor/rule-help.ts'
import { titlesOf } from '../preview/rule-words.ts'
import { usePlace } from './settings-sight.ts'

interface Props {
  readonly label: string
  readonly description: string | undefined
  readonly path: readonly string[]
}

/** Fields that are written, each with the rule that its value comes from. */
export function RuleRows({ label, description, path }: Props) {
  const { t } = useTranslation('builder')
  const { here, value, locale, put, names, problem } = usePlace(path)
  const { set } = here.sight
  const rules = isJsonObject(value) ? value : {}
  const fields = set.objects.get(String(here.whole.object ?? ''))?.schema.properties ?? {}
  const rest = names(true, ['']).filter(({ word }) => !Object.hasOwn(rules, word))
  return (
    <Input.Wrapper label={label} description={description} error={problem(false)} labelElement="div">
      <Fieldset p="sm" mt={4} aria-label={label}>
        <Stack gap="sm">
          {Object.keys(rules).map((key) => (
            <Group key={key} gap="xs" align="end" wrap="nowrap">
              <RuleInput field={fields[key]} name={key} path={[...path, key]} />
              <Button
                variant="subtle"
                color="gray"
                aria-label={t('settingRemove', { title: nameOf(fields[key], key, locale) })}
                onClick={() => {
                  const { [key]: _, ...left } = rules
                  put(Object.keys(left).length > 0 ? left : undefined)
                }}
              >
                {t('remove')}
              </Button>
            </Group>
          ))}
          {rest.length > 0 && (
            <Select
              aria-label={t('settingAddTo', { title: label })}
              placeholder={t('settingAddField')}
              searchable
              data={rest.map(({ word, title }) => ({ value: word, label: title[locale] || word }))}
              value={null}
              onChange={(next) => next && put({ ...rules, [next]: begin(fields[next]) })}
            />
          )}
        </Stack>
      </Fieldset>
    </Input.Wrapper>
  )
}

function begin(field: FieldDefinition | undefined): Json {
  return (field && offered(field)[0]?.const) ?? null
}

const offered = (field: FieldDefinition) =>
  field['x-field'] === 'choice' ? choicesOf(field).filter((one) => one['x-retired'] !== true) : []

function nameOf(field: FieldDefinition | undefined, key: string, locale: 'en' | 'zh'): string {
  return field ? titleOf(field, locale) : key
}

/** A plain choice by its title; anything else as a formula. */
function RuleInput({
  field,
  name,
  path,
}: {
  field: FieldDefinition | undefined
  name: string
  path: readonly string[]
}) {
  const { t } = useTranslation('builder')
  const { value, locale, put, problem } = usePlace(path)
  const [written, setWritten] = useState(false)
  const choices = field ? offered(field) : []
  const label = nameOf(field, name, locale)
  const plain = choices.some((one) => one.const === value)
  if (!plain || written) return <FormulaInput label={label} path={path} />
  return (
    <Select
      style={{ flex: 1 }}
      label={label}
      error={problem()}
      data={[
        ...choices.map((one) => ({
          value: one.const,
          label: locale === 'zh' ? one['x-title'].zh : one.title,
        })),
        { value: '', label: t('settingFormula') },
      ]}
      value={String(value)}
      allowDeselect={false}
      onChange={(next) => (next === '' ? setWritten(true) : next !== null && put(next))}
    />
  )
}

/** A rule as a formula; nothing written, no rule. */
export function FormulaInput({
  label,
  description,
  path,
}: {
  label: string
  description?: string | undefined
  path: readonly string[]
}) {
  const { t } = useTranslation('builder')
  const { here, value, locale, put, problem } = usePlace(path)
  const { kind, set } = here.sight
  const fields = useMemo(() => {
    const rules = scopeAt(kind, here.whole, path, set)
    return rules ? { fields: formulaFields(rules.scope, titlesOf(set, rules.object)) } : {}
  }, [kind, set, here.whole, path])
  const shown = (rule: Json | undefined) =>
    rule === undefined ? '' : (writeFormula(rule, { ...fields, locale }) ?? JSON.stringify(rule))
  const [text, setText] = useState(() => shown(value))
  const [wrong, setWrong] = useState<string | null>(null)
  // The text that somebody writes stays as they write it; one that comes from elsewhere takes its place.
  const mine = useRef<string | undefined>(JSON.stringify(value))
  if (mine.current !== JSON.stringify(value)) {
    mine.current = JSON.stringify(value)
    setText(shown(value))
    setWrong(null)
  }
  return (
    <TextInput
      style={{ flex: 1 }}
      label={label}
      description={description ?? t('settingFormula')}
      error={wrong ?? problem()}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value
        setText(next)
        if (next.trim() === '') {
          mine.current = undefined
          setWrong(null)
          return put(undefined)
        }
        const read = readFormula(next, { ...fields, locale })
        setWrong(read.ok ? null : (read.diagnostics[0]?.message[locale] ?? t('previewBroken')))
        if (!read.ok) return
        mine.current = JSON.stringify(read.rule)
        put(read.rule)
      }}
    />
  )
}
