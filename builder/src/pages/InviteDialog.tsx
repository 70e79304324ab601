import { useRefusal } from '@channelwright/runtime/react/parts/refusal.tsx'
import {
  Alert,
  Button,
  CopyButton,
  Group,
  Modal,
  MultiSelect,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type RoleList } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'

interface Props {
  readonly opened: boolean
  readonly onClose: () => void
  readonly roles: RoleList
}

/** Makes an invitation and shows its link, this once. */
export function InviteDialog({ opened, onClose, roles }: Props) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const [partner, setPartner] = useState<string | null>(null)
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search, 250)
  const party = roles.party
  const partners = useQuery({
    queryKey: ['partnerSearch', workspace, wanted],
    queryFn: () => api.searchPartners(workspace, party!, wanted),
    enabled: opened && party !== null,
    placeholderData: keepPreviousData,
  })
  const invite = useMutation({
    mutationFn: () =>
      api.invite(workspace, { email, roles: chosen, partner, ...(name === '' ? {} : { name }) }),
  })
  const refusal = useRefusal(invite, [email, name, chosen, partner])
  const close = () => {
    invite.reset()
    setEmail('')
    setName('')
    setChosen([])
    setPartner(null)
    onClose()
  }
  const fitting = roles.roles.filter((role) => role.for !== (partner === null ? 'partner' : 'staff'))

  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('invite')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {invite.data ? (
        <Stack>
          <Text size="sm">{t('invitationLink', { until: invite.data.expires_at.slice(0, 10) })}</Text>
          <TextInput
            readOnly
            value={invite.data.link}
            aria-label={t('copy')}
            onFocus={(event) => event.target.select()}
          />
          <Group justify="end">
            <CopyButton value={invite.data.link}>
              {({ copied, copy }) => <Button onClick={copy}>{t(copied ? 'copied' : 'copy')}</Button>}
            </CopyButton>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            invite.mutate()
          }}
        >
          <Stack gap="sm">
            <TextInput
              label={t('email')}
              type="email"
              required
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              data-autofocus
            />
            <TextInput
              label={t('name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {party && (
              <Select
                label={t('partnerOf')}
                placeholder={t('staff')}
                data={[...(partners.data ?? [])].map(([value, label]) => ({ value, label }))}
                value={partner}
                onChange={(next) => {
                  setPartner(next)
                  setChosen([])
                }}
                searchable
                clearable
                searchValue={search}
                onSearchChange={setSearch}
                filter={({ options }) => options}
              />
            )}
            <MultiSelect
              label={t('roles')}
              data={fitting.map((role) => ({ value: role.key, label: role.title[locale] }))}
              value={chosen}
              onChange={setChosen}
              required
            />
            {refusal && <Alert color="red">{refusal.message}</Alert>}
            <Group justify="end">
              <Button variant="default" onClick={close}>
                {t('cancel')}
              </Button>
              <Button type="submit" loading={invite.isPending} disabled={email === '' || chosen.length === 0}>
                {t('invite')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
