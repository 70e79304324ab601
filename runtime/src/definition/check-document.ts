import * as errors from '../errors/documents.ts'
import { fieldTypeOf, linesOf } from '../fields/index.ts'
import { suggest } from '../fields/suggest.ts'
import { findFieldByPath } from '../flow/field-rules.ts'
import type { Json } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { isNumeric } from '../logic/rule-type.ts'
import { locales, type Text } from '../text.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { DocumentBlock, DocumentDefinition } from './document.ts'
import type { FieldDefinition, ObjectDefinition } from './object.ts'
import { placeholdersIn } from './placeholders.ts'
import { Report, yesOrNo } from './report.ts'
import { recordScope } from './scopes.ts'

/** The object and what is named of it are there, rules have their types, every placeholder stands for something. */
export function checkDocument(document: DocumentDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const object = report.find('object', document.object, '/object')
  if (!object) return report.diagnostics
  const scope = recordScope(set, document.object)
  const values = Object.keys(document.values ?? {})
  for (const [name, rule] of Object.entries(document.values ?? {})) {
    const path = `/values/${name}`
    const { diagnostics, rule: typed } = checkRule(rule as Json, scope, { path })
    report.diagnostics.push(...diagnostics)
    const kind = typed?.root.type.t
    if (kind === 'list' || kind === 'obj') report.add(errors.documentValueNotText, path, { name })
  }
  const checkText = (text: Text | undefined, path: string) => {
    for (const locale of locales)
      for (const name of placeholdersIn(text?.[locale] ?? ''))
        if (!values.includes(name)) checkPath(report, name, document.object, `${path}/${locale}`, values)
  }
  checkText(document.name, '/name')
  checkText(document.page?.head, '/page/head')
  checkText(document.page?.foot, '/page/foot')
  document.blocks.forEach((block, at) => {
    const path = `/blocks/${at}`
    if (block.when !== undefined) report.rule(block.when, scope, `${path}/when`, 'F', yesOrNo)
    if ('text' in block) checkText(block.text, `${path}/text`)
    if (block.type === 'signatures')
      block.parties.forEach((party, n) => void checkText(party, `${path}/parties/${n}`))
    if (block.type === 'fields')
      block.fields.forEach((name, n) => void checkPath(report, name, document.object, `${path}/fields/${n}`))
    if (block.type === 'lines') checkLines(report, object, block, path)
  })
  return report.diagnostics
}

/** A field, or one that references lead to; not a table. */
function checkPath(
  report: Report,
  name: string,
  object: string,
  path: string,
  values: readonly string[] = [],
): void {
  const found = findFieldByPath(name, object, report.set)
  if ('field' in found) {
    if (found.field['x-field'] === 'lines') report.add(errors.documentLinesInText, path, { name })
    return
  }
  if (['id', 'created_at', 'updated_at'].includes(name)) return
  const { known } = suggest(found.part, [...found.names, ...values])
  report.add(errors.documentPlaceholder, path, { name, known })
}

function checkLines(
  report: Report,
  object: ObjectDefinition,
  { field, columns, totals = [] }: Extract<DocumentBlock, { type: 'lines' }>,
  path: string,
): void {
  const lines = report.field(object, field, `${path}/field`, ['lines'])
  const known = (lines && linesOf(lines)?.properties) as Readonly<Record<string, FieldDefinition>> | undefined
  if (!known) return
  const ofLines = { ...object, schema: { ...object.schema, properties: known } }
  columns.forEach((name, at) => void report.field(ofLines, name, `${path}/columns/${at}`))
  totals.forEach((name, at) => {
    const here = `${path}/totals/${at}`
    const column = report.field(ofLines, name, here)
    if (!column) return
    if (!columns.includes(name) || !isNumeric(fieldTypeOf(column).ruleType(column)))
      report.add(errors.documentTotal, here, { name })
  })
}
