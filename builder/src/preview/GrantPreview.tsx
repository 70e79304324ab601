import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { GrantDefinition } from '@channelwright/runtime/definition/grant.ts'
import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { titleOf } from '@channelwright/runtime/fields/shared.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import {
  Badge,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import type { PreviewProps } from './previews.ts'
import { sayRows } from './rule-words.ts'

const fieldActions = ['read', 'create', 'update'] as const
const rowActions = [...fieldActions, 'delete'] as const

/** What a role gets, object by object: which rows, and which fields for what. */
export function GrantPreview({ definition, set }: PreviewProps) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const [scope, setScope] = useState('own')
  const grant = definition as unknown as GrantDefinition
  const ofRole = [...set.grants.values()].filter((one) => one.role === grant.role && one.key !== grant.key)
  const grants = scope === 'role' ? [grant, ...ofRole] : [grant]
  const objects = [...new Set(grants.flatMap((one) => Object.keys(one.objects ?? {})))]
  return (
    <Stack gap="md">
      {ofRole.length > 0 && (
        <SegmentedControl
          size="xs"
          aria-label={t('grantScope')}
          data={[
            { value: 'own', label: t('grantOwn') },
            { value: 'role', label: t('grantRole', { count: ofRole.length + 1 }) },
          ]}
          value={scope}
          onChange={setScope}
          style={{ alignSelf: 'start' }}
        />
      )}
      {objects.map((object) => (
        <ObjectRights key={object} object={object} grants={grants} set={set} />
      ))}
      <OtherRights grants={grants} set={set} locale={locale} />
    </Stack>
  )
}

function ObjectRights({
  object,
  grants,
  set,
}: {
  object: string
  grants: readonly GrantDefinition[]
  set: DefinitionSet
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const definition = set.objects.get(object)
  const given = grants.flatMap((one) => one.objects?.[object] ?? [])
  const rowsOf = (action: (typeof rowActions)[number]) => {
    const rules = given.flatMap((access) => access[action]?.rows ?? [])
    if (rules.length === 0) return null
    if (rules.includes(true)) return [t('allRows')]
    return [...new Set(rules.map((rule) => sayRows(rule as Json, set, object, locale)))]
  }
  const may = (action: (typeof fieldActions)[number], field: string) =>
    given.some((access) => access[action]?.fields.some((one) => one === '*' || one === field))
  return (
    <Paper component="section" className="cw-rights">
      <Group justify="space-between" p="md" pb="xs">
        <Title order={2} size="h5">
          {definition?.title[locale] ?? object}
        </Title>
        {given.some((access) => access.export) && <Badge variant="light">{t('mayExport')}</Badge>}
      </Group>
      <dl className="cw-row-rights">
        {rowActions.map((action) => {
          const rows = rowsOf(action)
          return (
            <div key={action}>
              <dt>{t(`may.${action}`)}</dt>
              <dd>
                {rows === null ? (
                  <Text span size="sm" c="dimmed">
                    {t('noRows')}
                  </Text>
                ) : (
                  rows.map((row) => (
                    <Text key={row} size="sm">
                      {row}
                    </Text>
                  ))
                )}
              </dd>
            </div>
          )
        })}
      </dl>
      <Table verticalSpacing={6} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('field')}</Table.Th>
            {fieldActions.map((action) => (
              <Table.Th key={action} ta="center">
                {t(`may.${action}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(definition?.schema.properties ?? {}).map(([key, field]) => (
            <Table.Tr key={key}>
              <Table.Td>{titleOf(field as FieldDefinition, locale)}</Table.Td>
              {fieldActions.map((action) => (
                <Table.Td key={action} ta="center">
                  {may(action, key) ? (
                    <>
                      <IconCheck size={16} aria-hidden />
                      <VisuallyHidden>{t('yes')}</VisuallyHidden>
                    </>
                  ) : (
                    <Text span c="dimmed" aria-label={t('no')}>
                      –
                    </Text>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

function OtherRights({
  grants,
  set,
  locale,
}: {
  grants: readonly GrantDefinition[]
  set: DefinitionSet
  locale: Locale
}) {
  const { t } = useTranslation('builder')
  const named = <T extends { readonly title: { en: string; zh: string } }>(
    keys: readonly string[],
    map: ReadonlyMap<string, T>,
  ) => [...new Set(keys)].map((key) => map.get(key)?.title[locale] ?? key)
  const plans = grants.flatMap((one) => Object.entries(one.plans ?? {}))
  const lists = [
    {
      word: 'views',
      names: named(
        grants.flatMap((one) => one.views ?? []),
        set.views,
      ),
    },
    {
      word: 'forms',
      names: named(
        grants.flatMap((one) => one.forms ?? []),
        set.forms,
      ),
    },
    {
      word: 'flows',
      names: named(
        grants.flatMap((one) => Object.keys(one.flows ?? {})),
        set.flows,
      ),
    },
    {
      word: 'plans',
      names: plans.map(
        ([key, level]) =>
          `${set.plans.get(key)?.title[locale] ?? key}: ${t(level === 'all' ? 'allAmounts' : 'ownAmounts')}`,
      ),
    },
    {
      word: 'platform',
      names: [...new Set(grants.flatMap((one) => one.platform ?? []))].map((one) => t(`right.${one}`)),
    },
  ].filter(({ names }) => names.length > 0)
  if (lists.length === 0) return null
  return (
    <Paper component="section" py="xs">
      <dl className="cw-row-rights">
        {lists.map(({ word, names }) => (
          <div key={word}>
            <dt>{t(`grants.${word}`)}</dt>
            <dd>
              {names.map((name) => (
                <Text key={name} size="sm">
                  {name}
                </Text>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Paper>
  )
}
