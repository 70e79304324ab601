import { EmptyState } from '@channelwright/runtime/react/parts/states.tsx'
import { useSpeech } from '@channelwright/runtime/react/words/i18n.ts'
import { Button } from '@mantine/core'
import { IconCompass } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

export function NotFoundPage() {
  const { t } = useTranslation('builder')
  const { say } = useSpeech()
  return (
    <EmptyState heading icon={IconCompass} title={say('app.notFound')}>
      <Button component={Link} to="/" variant="default">
        {t('definitions')}
      </Button>
    </EmptyState>
  )
}
