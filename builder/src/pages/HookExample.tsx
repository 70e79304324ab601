import { Button, CopyButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Lines for a shell that send a message, with a button that copies them. */
export function HookExample({ text }: { text: string }) {
  const { t } = useTranslation('builder')
  return (
    <div className="cw-hook-example">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy}>
            {t(copied ? 'copied' : 'copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
