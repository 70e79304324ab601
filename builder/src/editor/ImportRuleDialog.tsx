import { namedRuleScope } from '@channelwright/runtime/definition/check-rule.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import { readJson } from '@channelwright/runtime/definition/read-json.ts'
import type { RuleDefinition } from '@channelwright/runtime/definition/rule.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import {
  importRule,
  type RuleDifference,
  type RuleImport,
} from '@channelwright/runtime/logic/import/index.ts'
import { ruleTypeFromJsonSchema } from '@channelwright/runtime/logic/index.ts'
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Code,
  Group,
  List,
  Modal,
  Stack,
  Table,
  Text,
  Textarea,
} from '@mantine/core'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'

interface Props {
  /** The rule as it stands, whose inputs the pasted one reads. */
  readonly rule: RuleDefinition
  readonly set: DefinitionSet
  readonly onTake: (rule: Json) => void
  readonly onClose: () => void
}

/** Differences that are listed; the others are counted. */
const shown = 20

/** A rule pasted from elsewhere: what is rewritten, what is refused, and every value that differs, before it is taken. */
export function ImportRuleDialog({ rule, set, onTake, onClose }: Props) {
  const { t } = useTranslation('builder')
  const [text, setText] = useState('')
  const [agreed, setAgreed] = useState('')
  const read = useDeferredValue(text)
  const found = useMemo(() => tryImport(read, rule, set), [read, rule, set])
  const imported = found && 'verdict' in found ? found : null
  const settled = imported !== null && imported.verdict !== 'refused' && read === text
  const needsConsent = settled && imported.differences.length > 0
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('importRule')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <Textarea
          label={t('importRuleText')}
          description={t('importRuleHint')}
          error={found && 'broken' in found ? t('importRuleBroken', { place: found.broken }) : null}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          ff="monospace"
          data-autofocus
        />
        <div aria-live="polite">{imported && <Findings found={imported} />}</div>
        {needsConsent && (
          <Checkbox
            label={t('importRuleAgree', { count: imported.differences.length })}
            checked={agreed === text}
            onChange={(event) => setAgreed(event.currentTarget.checked ? text : '')}
          />
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            disabled={!settled || (needsConsent && agreed !== text)}
            onClick={() => {
              if (imported) onTake(imported.rule)
              onClose()
            }}
          >
            {t('importRuleTake')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Findings({ found }: { found: RuleImport }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const colour = { accepted: 'teal', rewritten: 'amber', refused: 'red' }[found.verdict]
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge color={colour}>{t(`importRule.${found.verdict}`)}</Badge>
        {found.verdict !== 'refused' && (
          <Text size="sm" c="dimmed">
            {found.unknownThere === null
              ? t('importRuleCompared', { count: found.samples.length })
              : t('importRuleNotCompared', { name: found.unknownThere })}
          </Text>
        )}
      </Group>
      {found.refusals.length > 0 && (
        <Alert color="red">
          <List size="sm">
            {found.refusals.map((one) => (
              <List.Item key={`${one.code} ${one.path}`}>
                {one.message[locale]} {one.hint[locale]}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {found.rewrites.length > 0 && (
        <List size="sm" spacing={4}>
          {found.rewrites.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: in the order in which they were made, and hold no state
            <List.Item key={at}>
              <Code>{JSON.stringify(one.before)}</Code> → <Code>{JSON.stringify(one.after)}</Code>
              <Text size="xs" c="dimmed">
                {one.why[locale]}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
      {found.differences.length > 0 && <Differences found={found.differences} />}
    </Stack>
  )
}

function Differences({ found }: { found: readonly RuleDifference[] }) {
  const { t } = useTranslation('builder')
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table>
        <Table.Caption>{t('importRuleDifferences', { count: found.length })}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('sampleData')}</Table.Th>
            <Table.Th>{t('importRuleHere')}</Table.Th>
            <Table.Th>{t('importRuleThere')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.slice(0, shown).map((one) => (
            <Table.Tr key={one.sample}>
              <Table.Td>
                <Code>{JSON.stringify(one.data)}</Code>
              </Table.Td>
              <Table.Td>{one.ours.ok ? JSON.stringify(one.ours.value) : one.ours.error.code}</Table.Td>
              <Table.Td>
                {one.theirs.ok ? JSON.stringify(one.theirs.value) : one.theirs.message}
                {one.kind === 'rounding' && ` (${t('importRuleRounding')})`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** null while nothing is pasted. */
function tryImport(
  text: string,
  rule: RuleDefinition,
  set: DefinitionSet,
): RuleImport | { readonly broken: string } | null {
  if (text.trim() === '') return null
  const json = readJson(text)
  if (json.value === undefined) {
    const [first] = json.diagnostics
    return { broken: first?.line === undefined ? '' : `${first.line}:${first.column ?? 1}` }
  }
  const expect = ruleTypeFromJsonSchema(rule.result as Json)
  return importRule(
    json.value,
    namedRuleScope(rule, set),
    null,
    expect ? { expect: { ...expect, nullable: true } } : {},
  )
}
