import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export function PageLoading() {
  const { t } = useTranslation('builder')
  return (
    <Group gap="sm" py="xl" justify="center" role="status">
      <Loader size="sm" />
      <Text c="dimmed">{t('loading')}</Text>
    </Group>
  )
}

/** The three states of everything that comes from the server: on its way, refused, here. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: ReactNode }) {
  const { t } = useTranslation('builder')
  if (query.isPending) return <PageLoading />
  if (query.isError) {
    return (
      <Alert color="red" title={query.error.message}>
        <Button variant="light" color="red" size="xs" onClick={() => void query.refetch()}>
          {t('retry')}
        </Button>
      </Alert>
    )
  }
  return <Stack gap="md">{children}</Stack>
}
