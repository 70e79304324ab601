import type { SimulateReply } from '@channelwright/runtime/api/flow-trials.ts'
import type { PersonName } from '@channelwright/runtime/api/flows.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FlowDefinition, FlowNode } from '@channelwright/runtime/definition/flow.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import { useRefusal } from '@channelwright/runtime/react/parts/refusal.tsx'
import { PersonPicker } from '@channelwright/runtime/react/views/flows/PeoplePicker.tsx'
import { Alert, Button, Collapse, Group, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api.ts'
import { useLocale, useWorkspace } from '../../hooks.ts'
import { PreviewStage } from '../PreviewStage.tsx'
import type { PreviewPlace } from '../previews.ts'
import { FlowDiagram } from './FlowDiagram.tsx'
import { unsavedOf } from './unsaved.ts'
import { WalkStory } from './WalkStory.tsx'

interface Props {
  readonly flow: FlowDefinition
  readonly set: DefinitionSet
  readonly place: PreviewPlace | undefined
}

/** One case of a real record walked through the flow as it stands in the editor: who would be asked when, and why. */
export function FlowWalk(props: Props) {
  return (
    <PreviewStage set={props.set}>
      {({ portal }) => <Walk {...props} me={portal.user} timeZone={portal.workspace.timeZone} />}
    </PreviewStage>
  )
}

function Walk({
  flow,
  set,
  place,
  me,
  timeZone,
}: Props & { readonly me: PersonName; readonly timeZone: string }) {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const [record, setRecord] = useState<string | null>(null)
  const [applicant, setApplicant] = useState<string | null>(me.id)
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({})
  const [opened, setOpened] = useState(false)
  const walk = useMutation({
    mutationFn: () =>
      api.simulateFlow(workspace, flow.key, {
        ...unsavedOf(flow, place),
        ...(record === null ? {} : { record }),
        ...(applicant === null ? {} : { applicant }),
        // A step that was answered here may have been removed since.
        decisions: Object.fromEntries(
          Object.entries(answers).filter(([step]) => flow.nodes.some((node) => node['x-id'] === step)),
        ),
      }),
  })
  const refusal = useRefusal(walk, [flow, record, applicant, answers])
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          walk.mutate()
        }}
      >
        <Stack gap="xs">
          <Group gap="xs" grow preventGrowOverflow={false} wrap="wrap" align="start">
            <RecordPicker object={flow.object} set={set} value={record} onChange={setRecord} />
            <PersonPicker label={t('walkApplicant')} known={[me]} value={applicant} onChange={setApplicant} />
          </Group>
          <Group gap="xs">
            <Button type="submit" size="xs" loading={walk.isPending} disabled={record === null}>
              {t('walkGo')}
            </Button>
            <Button
              size="xs"
              variant="subtle"
              aria-expanded={opened}
              onClick={() => setOpened((was) => !was)}
            >
              {t('walkAnswers')}
            </Button>
          </Group>
          <Collapse expanded={opened}>
            <Answers flow={flow} value={answers} onChange={setAnswers} />
          </Collapse>
        </Stack>
      </form>
      {refusal && (
        <Alert color="red" title={refusal.message}>
          <ProblemDetails error={refusal} />
        </Alert>
      )}
      {walk.data ? (
        <Walked
          flow={flow}
          object={set.objects.get(flow.object) ?? null}
          walked={walk.data}
          timeZone={timeZone}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t('walkHint')}
        </Text>
      )}
    </Stack>
  )
}

function Walked({
  flow,
  object,
  walked,
  timeZone,
}: {
  flow: FlowDefinition
  object: ObjectDefinition | null
  walked: SimulateReply
  timeZone: string
}) {
  const way = useMemo(
    () => ({
      nodes: new Set(walked.path),
      edges: new Set(walked.edges),
      waits: new Set(walked.waits_at),
    }),
    [walked],
  )
  return (
    <>
      <FlowDiagram flow={flow} way={way} compact />
      <WalkStory flow={flow} object={object} walked={walked} timeZone={timeZone} />
    </>
  )
}

function ProblemDetails({ error }: { error: Error }) {
  const details = (error as { details?: readonly { message?: string }[] }).details ?? []
  return details.map(({ message }) => (
    <Text key={message} size="sm">
      {message}
    </Text>
  ))
}

function RecordPicker({
  object,
  set,
  value,
  onChange,
}: {
  object: string
  set: DefinitionSet
  value: string | null
  onChange: (id: string | null) => void
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 250)
  const definition = set.objects.get(object)
  const records = useQuery({
    queryKey: ['walk-records', workspace, object, settled],
    queryFn: () => api.searchRecords(workspace, object, definition?.display ?? 'id', settled),
    enabled: definition !== undefined,
  })
  // The one that is chosen stays in the list whatever is searched for.
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null)
  const found = records.data ?? []
  const options = chosen && !found.some((one) => one.value === chosen.value) ? [chosen, ...found] : found
  return (
    <Select
      label={t('walkRecord', { object: definition?.title[locale] ?? object })}
      searchable
      data={[...options]}
      filter={({ options: all }) => all}
      nothingFoundMessage={t('walkNoRecord')}
      error={records.error?.message}
      value={value}
      onChange={(id) => {
        setChosen(options.find((one) => one.value === id) ?? null)
        onChange(id)
      }}
      searchValue={search}
      onSearchChange={setSearch}
    />
  )
}

/** What is answered at each step that asks people; left alone, the first answer. */
function Answers({
  flow,
  value,
  onChange,
}: {
  flow: FlowDefinition
  value: Readonly<Record<string, string>>
  onChange: (value: Readonly<Record<string, string>>) => void
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const asked = flow.nodes.flatMap((node) => {
    const type = findNodeType(node.type)
    const offered = type?.place === undefined ? (type?.decisions?.(node as FlowNode, flow) ?? []) : []
    return offered.length > 0 ? [{ node, offered }] : []
  })
  return (
    <Stack gap="xs">
      {asked.map(({ node, offered }) => (
        <Select
          key={node['x-id']}
          size="xs"
          label={node.title[locale]}
          allowDeselect={false}
          data={[
            ...offered.map(({ key, title }) => ({ value: key, label: title[locale] })),
            { value: '-', label: t('walkNobody') },
          ]}
          value={value[node['x-id']] ?? offered[0]?.key ?? null}
          onChange={(next) => next !== null && onChange({ ...value, [node['x-id']]: next })}
        />
      ))}
    </Stack>
  )
}
