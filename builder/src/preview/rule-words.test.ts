import { readdirSync, readFileSync } from 'node:fs'
import { readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { expect, test } from 'vitest'
import { sayRows } from './rule-words.ts'

const templates = new URL('../../../templates/', import.meta.url)
const sources: DefinitionSource[] = ['partner_master', 'deal_registration'].flatMap((pack) =>
  readdirSync(new URL(`${pack}/objects/`, templates)).map((file) => ({
    pack,
    path: `objects/${file}`,
    text: readFileSync(new URL(`${pack}/objects/${file}`, templates), 'utf8'),
  })),
)
const set = readDefinitionSet(sources)
const own = { var: '$user.partners' }

test.each<[Json, string, string, string]>([
  [
    { in: [{ var: 'partner' }, own] },
    'registration',
    'Partner: own organisation and those below',
    '伙伴为本组织及下级组织',
  ],
  [{ in: [{ var: 'id' }, own] }, 'partner', 'own organisation and those below', '本组织及下级组织'],
  [
    { or: [{ in: [{ var: 'partner' }, own] }, { '==': [{ var: 'created_by' }, { var: '$user.id' }] }] },
    'registration',
    '[Partner] IN [own organisation and those below] OR [created_by] = [self]',
    '[伙伴] 属于 [本组织及下级组织] 或 [created_by] = [本人]',
  ],
])('rows are told in words: %j', (rule, object, en, zh) => {
  expect(sayRows(rule, set, object, 'en')).toBe(en)
  expect(sayRows(rule, set, object, 'zh')).toBe(zh)
})
