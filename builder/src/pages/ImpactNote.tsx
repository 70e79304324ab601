import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import { type FieldUse, findFieldUses, withObject } from '@channelwright/runtime/definition/find-uses.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { Alert, List, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinitions, useKindTitle, useLocale } from '../hooks.ts'
import { PageLink } from '../shell/PageLink.tsx'

/** More fields than this are told without their uses. */
const most = 20

/** Fields that are gone from the object under their old keys, and who still names them. */
export function ImpactNote({
  released,
  text,
  set,
}: {
  /** The object's text in force, and as it stands. */
  released: string | null
  text: string
  set: DefinitionSet
}) {
  const { t } = useTranslation('builder')
  const lost = useMemo(() => findLost(released, text, set), [released, text, set])
  if (lost.length === 0) return null
  const used = lost.some(({ uses }) => uses.length > 0)
  return (
    <Alert color={used ? 'amber' : 'gray'} title={t(used ? 'impact' : 'impactNone')}>
      <Stack gap="xs">
        {lost.map((one) => (
          <div key={one.key}>
            <Text size="sm" fw={550}>
              {one.renamed
                ? t('fieldRenamed', { from: one.key, to: one.renamed })
                : t('fieldRemoved', { key: one.key })}
            </Text>
            <Uses uses={one.uses} />
          </div>
        ))}
      </Stack>
    </Alert>
  )
}

function Uses({ uses }: { uses: readonly FieldUse[] }) {
  const locale = useLocale()
  const kindTitle = useKindTitle()
  const list = useDefinitions()
  const places = new Map<string, FieldUse[]>()
  for (const use of uses) {
    const id = `${use.kind} ${use.key}`
    places.set(id, [...(places.get(id) ?? []), use])
  }
  if (places.size === 0) return null
  return (
    <List size="sm">
      {[...places].map(([id, found]) => {
        const [{ kind, key, title }] = found as [FieldUse]
        const entry = list.data?.definitions.find((one) => one.kind === kind && one.key === key)
        const words = `${kindTitle(kind)}: ${title[locale]}`
        return (
          <List.Item key={id}>
            {entry ? (
              <PageLink to="/definition" search={{ pack: entry.pack, path: entry.path }} size="sm">
                {words}
              </PageLink>
            ) : (
              words
            )}{' '}
            <Text span size="xs" c="dimmed" className="cw-path">
              {found.map(({ path }) => path).join(', ')}
            </Text>
          </List.Item>
        )
      })}
    </List>
  )
}

interface Lost {
  readonly key: string
  /** The key it has now; null when the field is gone. */
  readonly renamed: string | null
  readonly uses: readonly FieldUse[]
}

function findLost(released: string | null, text: string, set: DefinitionSet): Lost[] {
  const [before, after] = [parse(released), parse(text)]
  if (!before || !after) return []
  const was = before.schema.properties
  const is = after.schema.properties
  const byId = new Map(Object.entries(is).map(([key, field]) => [field['x-id'], key]))
  const lost = Object.entries(was).filter(([key]) => !Object.hasOwn(is, key))
  if (lost.length === 0) return []
  // With old and new keys at once: then only what needs the old ones complains when they go.
  const both: ObjectDefinition = {
    ...after,
    schema: { ...after.schema, properties: { ...Object.fromEntries(lost), ...is } },
  }
  const keys = lost.map(([key]) => key)
  const uses = findFieldUses(withObject(set, both), after.key, keys.slice(0, most))
  return lost.map(([key, field]) => ({
    key,
    renamed: byId.get(field['x-id']) ?? null,
    uses: uses.get(key) ?? [],
  }))
}

function parse(text: string | null): ObjectDefinition | null {
  try {
    const value: unknown = JSON.parse(text ?? '')
    const sound =
      isJsonObject(value) &&
      isJsonObject(value.schema) &&
      isJsonObject(value.schema.properties) &&
      Object.values(value.schema.properties as Record<string, FieldDefinition>).every(isJsonObject)
    return sound ? (value as unknown as ObjectDefinition) : null
  } catch {
    return null
  }
}
