import { Button, SegmentedControl, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowLeft, IconMail, IconSearch, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeptMailPage } from '../../../src/api/flows.ts'
import { hasFailed } from '../../parts/failed.ts'
import { formatMoment } from '../../parts/moments.ts'
import { LinkRegion, useNavigation } from '../../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { frameOf } from './frame.ts'

type Mail = KeptMailPage['mails'][number]

/** How often new e-mails are looked for, in ms: nothing tells of them, and only developers look. */
const lookEvery = 3_000

/** What was sent while developing: the list, and one of them as its recipient would see it. */
export function KeptMailView({ open }: { open: string | null }) {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search.trim(), 250)
  const mails = useQuery({
    queryKey: ['kept-mail', workspace, wanted],
    enabled: api !== null,
    refetchInterval: lookEvery,
    placeholderData: (before) => before,
    queryFn: () => api!.listKeptMail(wanted),
  })
  const all = mails.data?.mails ?? []
  const mail = all.find((one) => one.id === open)
  return (
    <>
      <PageHead title={say('mail.title')} note={say('mail.note')}>
        <ClearButton isEmpty={all.length === 0 && wanted === ''} />
      </PageHead>
      <div className="cw-inbox" data-open={open ? '' : undefined}>
        <div className="cw-inbox-list">
          <TextInput
            mb="sm"
            aria-label={say('table.search')}
            placeholder={say('mail.search')}
            leftSection={<IconSearch size={16} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Panel flush>
            {mails.isPending ? (
              <LoadingRows rows={6} />
            ) : hasFailed(mails) ? (
              <FailedState error={mails.error} onRetry={() => void mails.refetch()} />
            ) : all.length === 0 ? (
              wanted ? (
                <EmptyState title={say('table.noMatch')} hint={say('table.noMatchHint')} />
              ) : (
                <EmptyState icon={IconMail} title={say('mail.none')} hint={say('mail.noneHint')} />
              )
            ) : (
              <MailList mails={all} current={open} />
            )}
          </Panel>
        </div>
        <div className="cw-inbox-task">
          {open && (
            <Button
              hiddenFrom="md"
              variant="subtle"
              leftSection={<IconArrowLeft size={16} />}
              size="compact-sm"
              mb="sm"
              onClick={() => navigation.go(navigation.mail())}
            >
              {say('mail.title')}
            </Button>
          )}
          {mail ? (
            <OneMail key={mail.id} mail={mail} />
          ) : (
            <Panel>
              {open && mails.isPending ? (
                <LoadingRows rows={6} />
              ) : (
                <EmptyState icon={IconMail} title={say(open && !wanted ? 'mail.gone' : 'mail.pick')} />
              )}
            </Panel>
          )}
        </div>
      </div>
    </>
  )
}

/** Throws all of them away, when it is pressed a second time. */
function ClearButton({ isEmpty }: { isEmpty: boolean }) {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const queries = useQueryClient()
  const [isSure, setSure] = useState(false)
  const clear = useMutation({
    mutationFn: () => api!.clearKeptMail(),
    onSuccess: async () => {
      setSure(false)
      await queries.invalidateQueries({ queryKey: ['kept-mail', workspace] })
      navigation.go(navigation.mail())
    },
  })
  return (
    <Button
      variant={isSure ? 'filled' : 'default'}
      color={isSure ? 'red' : undefined}
      leftSection={<IconTrash size={16} />}
      disabled={isEmpty || api === null}
      loading={clear.isPending}
      onClick={() => (isSure ? clear.mutate() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {say(isSure ? 'mail.clearSure' : 'mail.clear')}
    </Button>
  )
}

function MailList({ mails, current }: { mails: readonly Mail[]; current: string | null }) {
  const { locale } = useSpeech()
  const { portal } = useWorkspace()
  const navigation = useNavigation()
  return (
    <LinkRegion>
      {mails.map((mail) => (
        <a
          key={mail.id}
          href={navigation.mail(mail.id)}
          className="cw-card cw-task"
          data-line={mail.id}
          aria-current={mail.id === current ? 'true' : undefined}
        >
          <Text fw={550} size="sm" className="cw-clip">
            {mail.subject}
          </Text>
          <Text size="sm" c="dimmed" className="cw-clip">
            {mail.recipient}
          </Text>
          <Text size="xs" c="dimmed">
            <time dateTime={mail.at}>{formatMoment(mail.at, locale, portal.workspace.timeZone)}</time>
          </Text>
        </a>
      ))}
    </LinkRegion>
  )
}

const faces = ['html', 'text', 'source'] as const

function OneMail({ mail }: { mail: Mail }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const [face, setFace] = useState<(typeof faces)[number]>('html')
  const heads = [
    ['mail.from', mail.from],
    ['mail.to', mail.recipient],
    ['mail.at', formatMoment(mail.at, locale, portal.workspace.timeZone)],
    ['mail.id', mail.message_id],
  ] as const
  return (
    <Panel>
      <Title order={2} size="h3" mb="sm">
        {mail.subject}
      </Title>
      <dl className="cw-mail-heads">
        {heads.map(([word, value]) => (
          <div key={word}>
            <dt>{say(word)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <SegmentedControl
        size="xs"
        my="md"
        aria-label={say('mail.how')}
        value={face}
        onChange={(next) => setFace(faces.find((one) => one === next) ?? 'html')}
        data={faces.map((one) => ({ value: one, label: say(`mail.${one}`) }))}
      />
      {face === 'html' ? (
        // No script, no forms, an origin of its own; links open beside, as they do in a mail program.
        <iframe
          className="cw-mail-frame"
          title={say('mail.frame')}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          srcDoc={frameOf(mail.html)}
        />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keys
        <pre className="cw-mail-text" tabIndex={0}>
          {face === 'text' ? linked(mail.body) : mail.html}
        </pre>
      )}
    </Panel>
  )
}

/** Plain text with its addresses as links, as mail programs show it. */
function linked(text: string) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+)/)
  return parts.map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change their order
      <a key={at} href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  )
}
