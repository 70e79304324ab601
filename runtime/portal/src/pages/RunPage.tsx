import { useParams } from '@tanstack/react-router'
import { RunView } from '../../../react/index.ts'

export function RunPage() {
  const { run } = useParams({ strict: false })
  return (
    <div className="cw-narrow-page">
      <RunView key={run} id={run ?? ''} />
    </div>
  )
}
