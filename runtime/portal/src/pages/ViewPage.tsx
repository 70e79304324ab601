import { Navigate, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import {
  CreateButtons,
  DetailView,
  EarningsView,
  EmptyState,
  HomeView,
  PageHead,
  TableView,
  useSpeech,
  useWorkspace,
} from '../../../react/index.ts'
import type { ViewDefinition } from '../../../src/definition/view.ts'
import { readTable, writeTable } from '../router.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

/** A view of the release by its type. */
export function ViewPage() {
  const { view: key } = useParams({ from: '/w/$workspace/v/$view' })
  const { release } = useWorkspace()
  const view = release.views[key]
  if (!view) return <NotFoundPage />
  if (view.type === 'home') return <HomeView view={view} />
  if (view.type === 'earnings') return <EarningsView view={view} />
  if (view.type === 'table') return <TablePage key={key} view={view} />
  return <NotFoundPage />
}

function TablePage({ view }: { view: ViewDefinition }) {
  const { locale } = useSpeech()
  const search = useSearch({ from: '/w/$workspace/v/$view' })
  const navigate = useNavigate({ from: '/w/$workspace/v/$view' })
  return (
    <>
      <PageHead title={view.title[locale]}>
        <CreateButtons view={view} />
      </PageHead>
      <TableView
        view={view}
        state={readTable(search)}
        onState={(state) => void navigate({ search: writeTable(state), replace: true, resetScroll: false })}
      />
    </>
  )
}

export function RecordPage() {
  const { view: key, id } = useParams({ from: '/w/$workspace/v/$view/$id' })
  const { release } = useWorkspace()
  const view = release.views[key]
  return view?.type === 'detail' ? <DetailView key={id} view={view} id={id} /> : <NotFoundPage />
}

/** Leads to the page of the record, where the reader has one for its object. */
export function AnyRecordPage() {
  const { object, id } = useParams({ from: '/w/$workspace/r/$object/$id' })
  const { release, key } = useWorkspace()
  const detail = Object.values(release.views).find((view) => view.type === 'detail' && view.object === object)
  if (!detail) return <NotFoundPage />
  return <Navigate to="/w/$workspace/v/$view/$id" params={{ workspace: key, view: detail.key, id }} replace />
}

export function HomePage() {
  const { say } = useSpeech()
  const { portal, release, key } = useWorkspace()
  const home = portal.home ? release.views[portal.home] : undefined
  if (home) return <HomeView view={home} />
  const first = portal.menu[0]
  if (first)
    return (
      <Navigate
        to="/w/$workspace/v/$view"
        params={{ workspace: key, view: first.view }}
        search={{}}
        replace
      />
    )
  return <EmptyState title={say('app.nothingForYou')} />
}
