import { Button, Center, Stack, Text, Title } from '@mantine/core'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { useSpeech } from '../../../react/index.ts'

/** Names a crash so that a person can tell it to someone who reads the console. */
function nameCrash(): string {
  return Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
    .toUpperCase()
}

interface Crash {
  readonly id: string | null
  /** Where it happened, or nothing has. */
  readonly page: string | undefined
}

/** Stands in for a page that failed to draw, until another `page` is shown; the rest of the app lives on. */
export class CrashScreen extends Component<{ children: ReactNode; page?: string }, Crash> {
  override state: Crash = { id: null, page: this.props.page }

  static getDerivedStateFromProps({ page }: { page?: string }, state: Crash): Crash | null {
    return page === state.page ? null : { id: null, page }
  }

  static getDerivedStateFromError() {
    return { id: nameCrash() }
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(`[${this.state.id}]`, error, info.componentStack)
  }

  override render() {
    return this.state.id ? <Crashed id={this.state.id} /> : this.props.children
  }
}

export function Crashed({ id }: { id: string }) {
  const { say } = useSpeech()
  return (
    <Center mih="60vh" p="lg">
      <Stack align="center" gap="sm" ta="center" maw={440} role="alert">
        <Title order={1} size="h2">
          {say('app.crashed')}
        </Title>
        <Text c="dimmed">{say('app.crashedHint', { id })}</Text>
        <Button mt="sm" onClick={() => window.location.reload()}>
          {say('app.reload')}
        </Button>
      </Stack>
    </Center>
  )
}
