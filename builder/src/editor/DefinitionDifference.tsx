import { diffTexts } from '@channelwright/runtime/definition/diff-definitions.ts'
import { List, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import { Difference } from './Difference.tsx'

/** What differs between two texts of one definition: in words, then letter by letter. */
export function DefinitionDifference({ before, after }: { before: string | null; after: string }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const words = useMemo(
    () => (before === null || before === after ? [] : diffTexts(before, after)),
    [before, after],
  )
  return (
    <Stack gap="sm">
      {before === null && <Text size="sm">{t('isNew')}</Text>}
      {words.length > 0 && (
        <List size="sm" spacing={2}>
          {words.map((one) => (
            <List.Item key={one.en}>{one[locale]}</List.Item>
          ))}
        </List>
      )}
      <Difference before={before ?? ''} after={after} label={t('difference')} />
    </Stack>
  )
}
