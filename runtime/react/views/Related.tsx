import { Button, Group, Modal, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { RecordReply } from '../../src/api/records.ts'
import type { ViewDefinition } from '../../src/definition/view.ts'
import { isEmpty } from '../../src/forms/is-empty.ts'
import type { Json } from '../../src/json.ts'
import { LoadingRows, Panel } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { TableView } from './TableView.tsx'

const RecordForm = lazy(async () => ({ default: (await import('../form/RecordForm.tsx')).RecordForm }))

export interface RelatedList {
  readonly 'x-id': string
  readonly title?: { readonly en: string; readonly zh: string }
  readonly view: string
  /** Of the other records: names this one, or says the same as `equals` of this one. */
  readonly field: string
  readonly equals?: string
  readonly create?: string
}

type Shown = RelatedList & { readonly definition: ViewDefinition; readonly only: Json }

/** Lists of records that belong to this one; those the reader may not see, or that nothing leads to, are left out. */
export function Related({
  lists,
  object,
  reply,
  title,
}: {
  lists: readonly RelatedList[]
  object: string
  reply: RecordReply
  title: string
}) {
  const { release } = useWorkspace()
  const { locale } = useSpeech()
  const shown = lists.flatMap((list): Shown[] => {
    const definition = release.views[list.view]
    const only = conditionOf(list, object, definition, reply)
    return definition && only !== null ? [{ ...list, definition, only }] : []
  })
  const [tab, setTab] = useState<string | null>(null)
  const [first] = shown
  if (!first) return null
  const titleOf = (list: Shown) => (list.title ?? list.definition.title)[locale]
  const make = (list: Shown) => list.create && <MakeHere list={list} reply={reply} title={title} />
  if (shown.length === 1) {
    return (
      <Panel title={titleOf(first)} aside={make(first)} flush>
        <TableView view={first.definition} only={first.only} compact />
      </Panel>
    )
  }
  return (
    <Tabs value={tab ?? first['x-id']} onChange={setTab} keepMounted={false}>
      <Tabs.List mb="xs">
        {shown.map((one) => (
          <Tabs.Tab key={one['x-id']} value={one['x-id']}>
            {titleOf(one)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown.map((one) => (
        <Tabs.Panel key={one['x-id']} value={one['x-id']}>
          <Group justify="flex-end" mb={one.create ? 'xs' : 0}>
            {make(one)}
          </Group>
          <TableView view={one.definition} only={one.only} compact />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

/** Null where the field that others are compared with is empty: then nothing is alike. */
function conditionOf(
  { field, equals }: RelatedList,
  object: string,
  view: ViewDefinition | undefined,
  { record }: RecordReply,
): Json | null {
  if (equals === undefined) return { '==': [{ var: field }, record.id] }
  const value = record[equals]
  if (isEmpty(value)) return null
  const same: Json = { '==': [{ var: field }, value as Json] }
  return view?.object === object ? { and: [same, { '!=': [{ var: 'id' }, record.id] }] } : same
}

/** Makes another record of the list without leaving the page. */
function MakeHere({ list, reply, title }: { list: Shown; reply: RecordReply; title: string }) {
  const { release } = useWorkspace()
  const { say, locale } = useSpeech()
  const [opened, { open, close }] = useDisclosure(false)
  const form = list.create ? release.forms[list.create]?.definition : undefined
  if (!form || !release.objects[form.object]?.create) return null
  const { id } = reply.record
  const value = list.equals === undefined ? id : reply.record[list.equals]
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={open}>
        {form.title[locale]}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size="lg"
        title={<Text fw={600}>{form.title[locale]}</Text>}
        closeButtonProps={{ 'aria-label': say('app.close') }}
        closeOnClickOutside={false}
      >
        <Suspense fallback={<LoadingRows />}>
          <RecordForm
            form={form.key}
            given={{ [list.field]: value as Json }}
            titles={{ [id]: title }}
            onDone={close}
            onCancel={close}
          />
        </Suspense>
      </Modal>
    </>
  )
}
