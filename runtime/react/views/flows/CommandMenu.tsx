import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { CommandOffer } from '../../../src/api/flows.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { useNavigation } from '../../parts/navigation.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { CommandDialog, type CommandTarget } from './CommandDialog.tsx'
import { fieldsOfCommand } from './command-fields.ts'

/** The commands that a screen can ask for, as the server offers them. */
export function drawable(offers: readonly CommandOffer[] | undefined): readonly CommandOffer[] {
  return (offers ?? []).filter((offer) => fieldsOfCommand(offer) !== null)
}

/** Commands behind one button; each opens its own small form. */
export function CommandMenu({
  offers,
  target,
  label,
  small,
  disabled,
  onDone,
  onRefused,
}: {
  offers: readonly CommandOffer[]
  target: CommandTarget
  /** What the button is called; a small one only shows dots. */
  label: string
  small?: boolean
  disabled?: boolean
  onDone?(): void
  /** Why the last command was refused; null once its dialog is closed or it is sent again. */
  onRefused?(problem: ApiProblem | null): void
}) {
  const { locale } = useSpeech()
  const navigation = useNavigation()
  const [open, setOpen] = useState<string | null>(null)
  if (offers.length === 0 && open === null) return null
  // A move is looked at before it is made: it has a page of its own.
  const choose = (offer: CommandOffer) =>
    offer.name === 'migrate' ? navigation.go(navigation.runs('versions', target.id)) : setOpen(offer.name)
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          {small ? (
            <ActionIcon variant="subtle" color="gray" aria-label={label}>
              <IconDots size={18} />
            </ActionIcon>
          ) : (
            <Button variant="default" disabled={disabled} rightSection={<IconDots size={16} />}>
              {label}
            </Button>
          )}
        </Menu.Target>
        <Menu.Dropdown>
          {offers.map((offer) => (
            <Menu.Item key={offer.name} onClick={() => choose(offer)}>
              {offer.title[locale]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open !== null && (
        <CommandDialog
          offers={offers}
          name={open}
          target={target}
          onClose={() => setOpen(null)}
          onDone={onDone}
          onRefused={onRefused}
        />
      )}
    </>
  )
}

/** Commands as buttons; those that ask for a reason are interventions and stand behind one button of their own. */
export function CommandBar({
  offers,
  target,
}: {
  offers: readonly CommandOffer[] | undefined
  target: CommandTarget
}) {
  const { say, locale } = useSpeech()
  const [open, setOpen] = useState<string | null>(null)
  const all = drawable(offers)
  const [plain, grave] = [all.filter((offer) => !needsReason(offer)), all.filter(needsReason)]
  const direct = grave.length > 0 || plain.length > 3 ? 2 : 3
  const others = [...plain.slice(direct), ...grave]
  return (
    <>
      {plain.slice(0, direct).map((offer) => (
        <Button key={offer.name} variant="default" onClick={() => setOpen(offer.name)}>
          {offer.title[locale]}
        </Button>
      ))}
      <CommandMenu
        offers={others}
        target={target}
        label={say(others.length === grave.length ? 'flow.intervene' : 'app.more')}
      />
      {open !== null && (
        <CommandDialog offers={all} name={open} target={target} onClose={() => setOpen(null)} />
      )}
    </>
  )
}

function needsReason(offer: CommandOffer): boolean {
  return fieldsOfCommand(offer)?.some(({ key }) => key === 'reason') ?? false
}
