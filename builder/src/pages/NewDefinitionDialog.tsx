import type { DefinitionEntry, KindEntry } from '@channelwright/runtime/api/definitions.ts'
import { useRefusal } from '@channelwright/runtime/react/parts/refusal.tsx'
import { Alert, Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'
import { NameInputs, noName } from '../shell/NameInputs.tsx'

interface Props {
  readonly opened: boolean
  readonly onClose: () => void
  readonly entries: readonly DefinitionEntry[]
  readonly kinds: readonly KindEntry[]
}

export function NewDefinitionDialog({ opened, onClose, entries, kinds }: Props) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const client = useQueryClient()
  const navigate = useNavigate()
  const packs = [...new Set(entries.map((entry) => entry.pack))].sort()
  const [kind, setKind] = useState<string | null>('object')
  const [pack, setPack] = useState<string | null>(null)
  const [name, setName] = useState(noName)
  const { key, en, zh } = name
  const chosenPack = pack ?? packs[0] ?? null

  const create = useMutation({
    mutationFn: async () => {
      if (kind === null || chosenPack === null) throw new Error('incomplete')
      // What a kind begins with stands in the runtime, which is large; the page that follows needs it anyhow.
      const { makeDefinition } = await import('../drafts/new-definition.ts')
      const { path, text } = makeDefinition({ kind, key, title: { en, zh: zh || en } })
      await api.saveDraft(workspace, { pack: chosenPack, path, text, rev: 0 })
      return { pack: chosenPack, path }
    },
    onSuccess: async (search) => {
      await client.invalidateQueries({ queryKey: ['definitions', workspace] })
      onClose()
      await navigate({ to: '/definition', search })
    },
  })
  const refusal = useRefusal(create, [kind, chosenPack, name])
  const keyFits = /^[a-z][a-z0-9_]{0,39}$/.test(key)

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('newDefinition')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Stack gap="sm">
          <Select
            label={t('kind')}
            data={kinds
              .filter(({ creatable }) => creatable)
              .map(({ name, title }) => ({ value: name, label: title[locale] }))}
            value={kind}
            onChange={setKind}
            allowDeselect={false}
          />
          <Select
            label={t('pack')}
            data={packs}
            value={chosenPack}
            onChange={setPack}
            allowDeselect={false}
          />
          <NameInputs name={name} onChange={setName} help={t('keyHelp')} error={!keyFits} />
          {refusal && <Alert color="red">{refusal.message}</Alert>}
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button
              type="submit"
              loading={create.isPending}
              disabled={!keyFits || en === '' || !kind || !chosenPack}
            >
              {t('create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
