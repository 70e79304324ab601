import { Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSpeech } from '../../../react/index.ts'
import { LanguageSwitch } from '../shell/LanguageSwitch.tsx'

/** The frame of the pages before a workspace: sign-in, invitation, choice. */
export function Entrance({
  title,
  note,
  children,
}: {
  title: string
  note?: ReactNode
  children: ReactNode
}) {
  const { say } = useSpeech()
  return (
    <div className="cw-entrance">
      <header className="cw-entrance-head">
        <span className="cw-brand">
          <img src="/icon.svg" alt="" width={28} height={28} />
          {say('app.name')}
        </span>
        <LanguageSwitch />
      </header>
      <main className="cw-entrance-main">
        <Paper className="cw-entrance-card" p={{ base: 'lg', sm: 'xl' }}>
          <Title order={1} mb={4}>
            {title}
          </Title>
          <Text c="dimmed" size="sm" mb="lg" component="div">
            {note ?? say('signIn.tagline')}
          </Text>
          {children}
        </Paper>
      </main>
    </div>
  )
}
