import { EmptyState } from '@channelwright/runtime/react/parts/states.tsx'
import { Badge, Button, Group, Menu, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDots, IconSearch, IconUserPlus } from '@tabler/icons-react'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type MemberPage, type RoleList } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'
import { Loaded } from '../shell/Loaded.tsx'
import { InviteDialog } from './InviteDialog.tsx'

type Member = MemberPage['members'][number]

/** Who works in the workspace, as what and for whom. */
export function MembersPage() {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search.trim(), 250)
  const [inviting, setInviting] = useState(false)
  const roles = useQuery({ queryKey: ['roles', workspace], queryFn: () => api.listRoles(workspace) })
  const members = useInfiniteQuery({
    queryKey: ['members', workspace, wanted],
    queryFn: ({ pageParam }) => api.listMembers(workspace, wanted, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const shown = members.data?.pages.flatMap((page) => page.members) ?? []
  const partners = usePartnerTitles(roles.data, shown)

  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('members')}
        </Title>
        <Button
          leftSection={<IconUserPlus size={16} />}
          onClick={() => setInviting(true)}
          disabled={!roles.data}
        >
          {t('invite')}
        </Button>
      </Group>
      <TextInput
        aria-label={t('search')}
        placeholder={t('searchMembers')}
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={420}
      />
      <Loaded query={members}>
        {shown.length === 0 ? (
          <EmptyState title={t('nobodyFound')} icon={IconSearch} />
        ) : (
          <Paper withBorder>
            <ul className="cw-list">
              {shown.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  roles={roles.data}
                  partner={member.partner === null ? null : (partners.get(member.partner) ?? '…')}
                />
              ))}
            </ul>
          </Paper>
        )}
        {members.hasNextPage && (
          <Group justify="center">
            <Button
              variant="default"
              onClick={() => void members.fetchNextPage()}
              loading={members.isFetchingNextPage}
            >
              {t('loadMore')}
            </Button>
          </Group>
        )}
      </Loaded>
      {roles.data && <InviteDialog opened={inviting} onClose={() => setInviting(false)} roles={roles.data} />}
    </Stack>
  )
}

function MemberRow({
  member,
  roles,
  partner,
}: {
  member: Member
  roles: RoleList | undefined
  partner: string | null
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const client = useQueryClient()
  const setStatus = useMutation({
    mutationFn: (status: Member['status']) => api.updateMember(workspace, member.id, { status }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['members', workspace] }),
  })
  const titleOf = (key: string) => roles?.roles.find((role) => role.key === key)?.title[locale] ?? key
  return (
    <li className="cw-member">
      <div>
        <Text size="sm" fw={500}>
          {member.name}
        </Text>
        <Text size="xs" c="dimmed" className="cw-path">
          {member.email}
        </Text>
        {setStatus.error && (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            {setStatus.error.message}
          </Text>
        )}
      </div>
      <Text size="sm" className="cw-member-partner">
        {partner ?? t('staff')}
      </Text>
      <div className="cw-member-roles">
        <Group gap={4}>
          {member.roles.map((role) => (
            <Badge key={role} variant="light" tt="none">
              {titleOf(role)}
            </Badge>
          ))}
        </Group>
      </div>
      <div className="cw-member-menu">
        <Group gap="xs" justify="end" wrap="nowrap">
          {member.status === 'inactive' && <Badge color="gray">{t('inactive')}</Badge>}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="subtle" size="compact-sm" aria-label={`${t('edit')}: ${member.name}`}>
                <IconDots size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setStatus.mutate(member.status === 'active' ? 'inactive' : 'active')}>
                {t(member.status === 'active' ? 'deactivate' : 'activate')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </div>
    </li>
  )
}

/** Names of the organisations the shown members belong to, in one call. */
function usePartnerTitles(
  roles: RoleList | undefined,
  members: readonly Member[],
): ReadonlyMap<string, string> {
  const workspace = useWorkspace()
  const party = roles?.party
  const ids = [...new Set(members.flatMap((member) => member.partner ?? []))].sort()
  const titles = useQuery({
    queryKey: ['partners', workspace, ids],
    queryFn: () => api.readPartnerTitles(workspace, party!, ids),
    enabled: !!party && ids.length > 0,
    placeholderData: keepPreviousData,
  })
  return titles.data ?? new Map()
}
