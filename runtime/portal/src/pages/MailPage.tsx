import { useParams } from '@tanstack/react-router'
import { useWorkspace } from '../../../react/index.ts'
import { KeptMailView } from '../../../react/views/mail/KeptMailView.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

export function MailPage() {
  const { mail } = useParams({ strict: false })
  const { portal } = useWorkspace()
  const shown = portal.kept_mail && portal.rights.includes('administer_flows')
  return shown ? <KeptMailView open={mail ?? null} /> : <NotFoundPage />
}
