import { Button } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { useSpeech } from '../../../react/index.ts'

/** Names the other language in itself, so that one who reads only that finds it. */
export function LanguageSwitch({ compact }: { compact?: boolean }) {
  const { locale, setLocale, say } = useSpeech()
  const other = locale === 'zh' ? 'en' : 'zh'
  const name = other === 'zh' ? '中文' : 'English'
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={compact ? undefined : <IconLanguage size={16} />}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      aria-label={`${say('app.language')}: ${name}`}
      onClick={() => setLocale(other)}
    >
      {name}
    </Button>
  )
}
