import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import { PeoplePicker } from '@channelwright/runtime/react/views/flows/PeoplePicker.tsx'
import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  Input,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { makeXId } from '../drafts/make-x-id.ts'
import type { Name } from '../editor/names.ts'
import { PreviewStage } from '../preview/PreviewStage.tsx'
import { type Control, identity, type Setting, type Way } from './controls.ts'
import { FormulaInput, RuleRows } from './RuleRows.tsx'
import { usePlace } from './settings-sight.ts'

interface Props {
  readonly setting: Setting
  readonly path: readonly string[]
}

/** One setting: its title, what it is given with, what holds otherwise, what is wrong with it. */
export function SettingInput({ setting, path }: Props) {
  const { t } = useTranslation('builder')
  const { here, value, locale, put, names, problem } = usePlace(path)
  const { control, required } = setting
  const label = setting.title[locale]
  const description = setting.help?.[locale]
  const common = { id: `setting-${path.join('-')}`, label, description, withAsterisk: required }
  const text = typeof value === 'string' ? value : ''
  const list = (Array.isArray(value) ? value : []).filter((one): one is string => typeof one === 'string')
  const usual = (data: readonly Option[]) => {
    const found = data.find((one) => one.value === setting.usual)
    return found ? t('settingUsual', { value: found.label }) : t('settingNone')
  }
  switch (control.type) {
    case 'switch':
      return (
        <Checkbox
          id={common.id}
          label={label}
          description={description}
          error={problem()}
          checked={value === true}
          onChange={(event) => put(event.currentTarget.checked || undefined)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          error={problem()}
          allowDecimal={false}
          min={control.min}
          max={control.max}
          clampBehavior="none"
          placeholder={
            typeof setting.usual === 'number' ? t('settingUsual', { value: setting.usual }) : undefined
          }
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => put(typeof next === 'number' ? next : required ? null : undefined)}
        />
      )
    case 'choice': {
      const data = control.choices.map((one) => ({ value: one.value, label: one.title[locale] }))
      return (
        <Select
          {...common}
          error={problem()}
          data={withOwn(data, text)}
          value={text === '' ? null : text}
          placeholder={usual(data)}
          clearable={!required}
          clearButtonProps={{ 'aria-label': t('settingClear', { title: label }) }}
          allowDeselect={false}
          onChange={(next) => put(next ?? undefined)}
        />
      )
    }
    case 'name': {
      const known = names()
      if (known.length === 0)
        return (
          <TextInput
            {...common}
            error={problem()}
            value={text}
            onChange={(event) => put(event.currentTarget.value || (required ? '' : undefined))}
          />
        )
      return (
        <Select
          {...common}
          error={required && text === '' ? t('settingNeeded') : problem()}
          data={withOwn(known.map(optionOf(locale)), text)}
          value={text === '' ? null : text}
          placeholder={t('settingNone')}
          searchable={known.length > 8}
          clearable={!required}
          clearButtonProps={{ 'aria-label': t('settingClear', { title: label }) }}
          allowDeselect={false}
          onChange={(next) => put(next ?? (required ? '' : undefined))}
        />
      )
    }
    case 'names':
      return (
        <MultiSelect
          {...common}
          error={problem()}
          data={list.reduce(withOwn, names(false, [0]).map(optionOf(locale)))}
          value={list}
          placeholder={list.length === 0 ? t('settingNone') : undefined}
          maxValues={control.most}
          searchable
          hidePickedOptions
          onChange={(next) => put(next.length > 0 ? next : undefined)}
        />
      )
    case 'people':
      return (
        <PreviewStage set={here.sight.set}>
          {() => (
            <PeoplePicker
              {...common}
              required={required}
              most={control.most}
              error={problem()}
              value={list}
              onChange={(next) => put(next)}
            />
          )}
        </PreviewStage>
      )
    case 'rule':
      return <FormulaInput label={label} description={description} path={path} />
    case 'rules':
      return <RuleRows label={label} description={description} path={path} />
    case 'group':
      if (required)
        return (
          <Input.Wrapper label={label} description={description} error={problem(false)} labelElement="div">
            <Parts settings={control.settings} path={path} title={label} />
          </Input.Wrapper>
        )
      return (
        <Stack gap="xs">
          <Checkbox
            id={common.id}
            label={label}
            description={description}
            error={problem(false)}
            checked={value !== undefined}
            onChange={(event) => put(event.currentTarget.checked ? control.begin : undefined)}
          />
          {value !== undefined && <Parts settings={control.settings} path={path} title={label} />}
        </Stack>
      )
    case 'either': {
      const chosen = value === undefined ? undefined : control.ways.find((way) => way.holds(value))
      const data = control.ways.map((way) => ({ value: way.id, label: way.title[locale] }))
      const inner = chosen?.control ?? null
      return (
        <Stack gap="xs">
          <Select
            {...common}
            error={problem(inner === null)}
            data={data}
            value={chosen?.id ?? null}
            placeholder={usual(data)}
            clearable={!required}
            clearButtonProps={{ 'aria-label': t('settingClear', { title: label }) }}
            allowDeselect={false}
            onChange={(next) => put(control.ways.find((way) => way.id === next)?.begin)}
          />
          {inner !== null && chosen && <Inner control={inner} title={chosen.title[locale]} path={path} />}
        </Stack>
      )
    }
    case 'list':
      return (
        <Stack gap="xs">
          <Input.Wrapper label={label} description={description} error={problem(false)} labelElement="div">
            <Rows ways={control.ways} most={control.most} path={path} title={label} />
          </Input.Wrapper>
        </Stack>
      )
    case 'text':
      return (
        <Text size="sm">
          {label}: {t('settingInText')}
        </Text>
      )
  }
}

/** What there is to say of one of several shapes, below the choice of it. */
function Inner({ control, title, path }: { control: Control; title: string; path: readonly string[] }) {
  if (control.type === 'group') return <Parts settings={control.settings} path={path} title={title} />
  if (control.type === 'list')
    return <Rows ways={control.ways} most={control.most} path={path} title={title} />
  const setting: Setting = {
    key: path.at(-1) ?? '',
    title: { en: title, zh: title },
    help: null,
    required: true,
    usual: undefined,
    control,
  }
  return <SettingInput setting={setting} path={path} />
}

function Parts({
  settings,
  path,
  title,
}: {
  settings: readonly Setting[]
  path: readonly string[]
  title: string
}) {
  return (
    <Fieldset p="sm" aria-label={title}>
      <div className="cw-settings-parts">
        {settings.map((one) => (
          <SettingInput key={one.key} setting={one} path={[...path, one.key]} />
        ))}
      </div>
    </Fieldset>
  )
}

/** Entries of a list, each of one of the shapes. */
function Rows({
  ways,
  most,
  path,
  title,
}: {
  ways: readonly Way[]
  most: number | undefined
  path: readonly string[]
  title: string
}) {
  const { t } = useTranslation('builder')
  const { value, locale, put } = usePlace(path)
  const entries = Array.isArray(value) ? value : []
  const replace = (at: number, ...by: Json[]) => {
    const next = [...entries.slice(0, at), ...by, ...entries.slice(at + 1)]
    put(next.length > 0 ? next : undefined)
  }
  const [first] = ways
  return (
    <Fieldset p="sm" aria-label={title}>
      <Stack gap="sm">
        {entries.map((entry, at) => {
          const way = ways.find((one) => one.holds(entry))
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name but their place
            <Stack key={at} gap="xs">
              <Group gap="xs" wrap="nowrap">
                {ways.length > 1 ? (
                  <Select
                    style={{ flex: 1 }}
                    aria-label={t('settingEntry', { title, number: at + 1 })}
                    data={ways.map((one) => ({ value: one.id, label: one.title[locale] }))}
                    value={way?.id ?? null}
                    allowDeselect={false}
                    onChange={(next) => {
                      const chosen = ways.find((one) => one.id === next)
                      if (chosen) replace(at, begin(chosen, path))
                    }}
                  />
                ) : (
                  <Text size="sm" fw={550} style={{ flex: 1 }}>
                    {t('settingEntry', { title, number: at + 1 })}
                  </Text>
                )}
                <Button
                  variant="subtle"
                  color="gray"
                  aria-label={t('settingRemove', {
                    title:
                      ways.length > 1 && way
                        ? way.title[locale]
                        : t('settingEntry', { title, number: at + 1 }),
                  })}
                  onClick={() => replace(at)}
                >
                  {t('remove')}
                </Button>
              </Group>
              {way?.control?.type === 'group' &&
                way.control.settings.map((one) => (
                  <SettingInput key={one.key} setting={one} path={[...path, String(at), one.key]} />
                ))}
            </Stack>
          )
        })}
        {first !== undefined && entries.length < (most ?? Number.POSITIVE_INFINITY) && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            style={{ alignSelf: 'flex-start' }}
            onClick={() => put([...entries, begin(ways.at(-1) ?? first, path)])}
          >
            {t('settingAdd')}
          </Button>
        )}
      </Stack>
    </Fieldset>
  )
}

/** What an entry begins with, with a permanent identity of its own where it has one. */
function begin(way: Way, path: readonly string[]): Json {
  const prefix = path.at(-1)?.slice(0, 1) ?? 'x'
  return isJsonObject(way.begin) && Object.hasOwn(way.begin, identity)
    ? { ...way.begin, [identity]: makeXId(prefix) }
    : way.begin
}

interface Option {
  readonly value: string
  readonly label: string
}

const optionOf =
  (locale: 'en' | 'zh') =>
  ({ word, title }: Name): Option => ({ value: word, label: title[locale] || word })

/** What stands in the text is shown, also where it is none of what is offered. */
function withOwn(data: Option[], own: string): Option[] {
  return own === '' || data.some(({ value }) => value === own) ? data : [...data, { value: own, label: own }]
}
