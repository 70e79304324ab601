import { Button } from '@mantine/core'
import { IconCompass } from '@tabler/icons-react'
import { EmptyState, useSpeech } from '../../../react/index.ts'

export function NotFoundPage() {
  const { say } = useSpeech()
  return (
    <main>
      <EmptyState heading icon={IconCompass} title={say('app.notFound')} hint={say('app.notFoundHint')}>
        <Button component="a" href="/" variant="default">
          {say('app.home')}
        </Button>
      </EmptyState>
    </main>
  )
}
