import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { EditorSight } from '../editor/complete-json.ts'
import { joinPointer, splitPointer } from '../editor/json-position.ts'
import { valueAtPath, walkSchema } from '../editor/schema-walk.ts'
import { settingAt } from './controls.ts'
import { SettingInput } from './SettingInput.tsx'
import { SettingsContext, type SettingsSight } from './settings-sight.ts'

interface Props {
  readonly text: string
  /** Where the settings stand. */
  readonly pointers: readonly string[]
  readonly sight: EditorSight
  readonly diagnostics: readonly Diagnostic[]
  readonly onPut: (pointer: string, value: Json | undefined) => void
}

/** What a definition says of itself as a whole, as a form made of its meta-schema. It writes into the text beside it. */
export function DefinitionSettings({ text, pointers, sight, diagnostics, onPut }: Props) {
  const { t } = useTranslation('builder')
  const whole = useMemo(() => parse(text), [text])
  const parts = useMemo(
    () =>
      pointers.flatMap((pointer) => {
        const path = splitPointer(pointer)
        const { schemas } = walkSchema(sight.schema, whole ?? undefined, path.slice(0, -1))
        const setting = settingAt(schemas, path.at(-1) ?? '')
        return setting === null ? [] : [[path, setting] as const]
      }),
    [pointers, sight.schema, whole],
  )
  if (whole === null) return <Text c="dimmed">{t('settingsBroken')}</Text>
  const here: SettingsSight = {
    sight,
    whole,
    problems: diagnostics,
    put(path, value) {
      // What is empty then is not left behind.
      const holder = path.slice(0, -1)
      const rest = valueAtPath(whole, holder)
      const alone =
        isJsonObject(rest) && Object.keys(rest).length === 1 && Object.hasOwn(rest, path.at(-1) ?? '')
      const goes = value === undefined && alone && holder.length > 0
      onPut(joinPointer(goes ? holder : path), value)
    },
  }
  if (parts.length === 0) return <Text c="dimmed">{t('settingsNone')}</Text>
  return (
    <SettingsContext.Provider value={here}>
      <Stack gap="md" className="cw-settings">
        {parts.map(([path, setting]) =>
          setting.control.type === 'group' ? (
            setting.control.settings.map((one) => (
              <SettingInput key={one.key} setting={one} path={[...path, one.key]} />
            ))
          ) : (
            <SettingInput key={setting.key} setting={setting} path={path} />
          ),
        )}
      </Stack>
    </SettingsContext.Provider>
  )
}

function parse(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
