import type { Text } from '@channelwright/runtime/text.ts'
import { readConstraintName } from './constraint-names.ts'
import type { BrokenLimit } from './limit-facts.ts'
import { type CaseReader, nameReaders } from './open-cases.ts'
import type { PlanReader } from './plan-readers.ts'
import type { ColumnShape, ExclusionShape, IndexShape, TableShape } from './shape-tables.ts'

/** The sentences of a plan of table changes, one function per kind of step. */

const both = (en: string, zh: string): Text => ({ en, zh })
const count = (n: number): string => n.toLocaleString('en-US')

export const createTable = (t: TableShape) =>
  both(
    `A new table "${t.title.en}" with ${t.columns.length} columns.`,
    `新建表“${t.title.zh}”,共 ${t.columns.length} 列。`,
  )
export const restoreTable = (t: TableShape) =>
  both(`"${t.title.en}" comes back with the records it had.`, `“${t.title.zh}”连同原有记录一并恢复。`)
export const retireTable = (title: Text, rows: number) =>
  both(
    `"${title.en}" and its ${count(rows)} records leave the screens. They are kept: an earlier release brings them back.`,
    `“${title.zh}”及其 ${count(rows)} 条记录将不再显示。数据会保留,回退到早期发布版即可恢复。`,
  )
export const addField = (t: TableShape, c: ColumnShape) =>
  both(`"${t.title.en}" gets the field "${c.title.en}".`, `“${t.title.zh}”新增字段“${c.title.zh}”。`)
export const restoreField = (t: TableShape, c: ColumnShape) =>
  both(
    `"${t.title.en}: ${c.title.en}" comes back with the values it had.`,
    `“${t.title.zh}:${c.title.zh}”连同原有值恢复。`,
  )
export const retireField = (t: TableShape, title: Text, rows: number) =>
  both(
    `"${t.title.en}: ${title.en}" leaves the screens of ${count(rows)} records. Its values are kept: an earlier release brings them back.`,
    `“${t.title.zh}:${title.zh}”将从 ${count(rows)} 条记录中隐藏。数值会保留,回退到早期发布版即可恢复。`,
  )
export const retireSilently = (t: TableShape, column: string) =>
  both(
    `The unused column "${column}" of "${t.title.en}" may stay empty.`,
    `“${t.title.zh}”中不再使用的列“${column}”可以为空。`,
  )
export const requireField = (t: TableShape, c: ColumnShape, empty: number) =>
  empty
    ? both(
        `"${t.title.en}: ${c.title.en}" becomes required; ${count(empty)} records without it get the default.`,
        `“${t.title.zh}:${c.title.zh}”变为必填;${count(empty)} 条缺少该值的记录将使用默认值。`,
      )
    : both(`"${t.title.en}: ${c.title.en}" becomes required.`, `“${t.title.zh}:${c.title.zh}”变为必填。`)
export const requireLater = (t: TableShape, c: ColumnShape, empty: number) =>
  both(
    `"${t.title.en}: ${c.title.en}" becomes required; ${count(empty)} records have none and are asked at their next change.`,
    `“${t.title.zh}:${c.title.zh}”变为必填;${count(empty)} 条记录暂无该值,将在下次修改时要求填写。`,
  )
export const tightenField = (t: TableShape, title: Text, found: BrokenLimit) => {
  const [few, fewZh] = found.examples.length
    ? [
        ` (${found.examples.join(', ')}${found.rows > found.examples.length ? ', …' : ''})`,
        `(${found.examples.join('、')}${found.rows > found.examples.length ? ' 等' : ''})`,
      ]
    : ['', '']
  const [en, zh] = found.more
    ? [
        found.rows ? `at least ${count(found.rows)}` : 'an unknown number of',
        found.rows ? `至少 ${count(found.rows)} 条` : '数量未知的',
      ]
    : [count(found.rows), `${count(found.rows)} 条`]
  return both(
    `"${t.title.en}: ${title.en}" has tighter limits; ${en} records hold values beyond them${few}. They keep these until somebody changes the field.`,
    `“${t.title.zh}:${title.zh}”的限制收紧;${zh}记录的值超出限制${fewZh}。原值会保留,直到有人修改该字段。`,
  )
}
/** What becomes of the money that plans posted from a field. */
export const withReaders = (said: Text, readers: readonly PlanReader[]): Text => {
  if (!readers.length) return said
  const names = readers.map((one) => `${one.plan}@${one.release}`)
  return both(
    `${said.en} The plan ${names.join(', ')} posted money from it: what it posts from now on holds to the values as they were at this publish.`,
    `${said.zh}激励政策 ${names.join('、')} 曾据此入账:此后的计算将沿用本次发布时的原值。`,
  )
}
/** What becomes of open cases whose release reads or writes a field. */
export const withCases = (said: Text, cases: readonly CaseReader[]): Text => {
  const open = cases.reduce((sum, one) => sum + one.count, 0)
  if (open === 0) return said
  return both(
    `${said.en} ${count(open)} open cases make use of it (${nameReaders(cases)}): they go on with the value it has now.`,
    `${said.zh}${count(open)} 个进行中的流程使用该字段(${nameReaders(cases)}):将沿用当前值继续。`,
  )
}
export const relaxField = (t: TableShape, c: ColumnShape) =>
  both(`"${t.title.en}: ${c.title.en}" may stay empty.`, `“${t.title.zh}:${c.title.zh}”可以为空。`)
export const widenField = (t: TableShape, c: ColumnShape, from: string) =>
  both(
    `"${t.title.en}: ${c.title.en}" takes larger values (${from} → ${c.sql}).`,
    `“${t.title.zh}:${c.title.zh}”可容纳更大的值(${from} → ${c.sql})。`,
  )
export const convertField = (t: TableShape, c: ColumnShape, from: string, lost: number) =>
  lost
    ? both(
        `"${t.title.en}: ${c.title.en}" changes its type (${from} → ${c.sql}); ${count(lost)} values cannot be converted and become empty. The old values are kept.`,
        `“${t.title.zh}:${c.title.zh}”更改类型(${from} → ${c.sql});${count(lost)} 个值无法转换,将变为空。原值会保留。`,
      )
    : both(
        `"${t.title.en}: ${c.title.en}" changes its type (${from} → ${c.sql}); every value can be converted.`,
        `“${t.title.zh}:${c.title.zh}”更改类型(${from} → ${c.sql});所有值均可转换。`,
      )
export const addUnique = (t: TableShape, i: IndexShape, duplicates: number) =>
  duplicates
    ? both(
        `"${t.title.en}": ${i.fields.join(', ')} shall be unique, but ${count(duplicates)} groups of records share the same values. Mend them first.`,
        `“${t.title.zh}”:${i.fields.join('、')} 需唯一,但有 ${count(duplicates)} 组记录的值相同,请先处理。`,
      )
    : both(
        `"${t.title.en}": no two records share ${i.fields.join(', ')}.`,
        `“${t.title.zh}”:${i.fields.join('、')} 不得重复。`,
      )
export const addIndex = (t: TableShape, i: IndexShape) =>
  readConstraintName(i.name)?.kind === 'search'
    ? both(
        `"${t.title.en}" gets an index for searching in ${i.fields.join(', ')}.`,
        `“${t.title.zh}”为 ${i.fields.join('、')} 建立搜索索引。`,
      )
    : both(
        `"${t.title.en}" is found faster by ${i.fields.join(', ') || i.columns.join(', ')}.`,
        `“${t.title.zh}”按 ${i.fields.join('、') || i.columns.join('、')} 查找更快。`,
      )
export const addExclusive = (
  t: TableShape,
  e: ExclusionShape,
  found: { readonly rows: number; readonly overlapping: number; readonly seconds: number },
) => {
  const [en, zh] = [e.fields.join(', '), e.fields.join('、')]
  if (found.overlapping)
    return both(
      `"${t.title.en}": records with the same ${en} shall not overlap in time, but ${count(found.overlapping)} of them overlap an earlier one. Mend them first.`,
      `“${t.title.zh}”:${zh} 相同的记录期间不得重叠,但有 ${count(found.overlapping)} 条与更早的记录重叠,请先处理。`,
    )
  const waits = found.seconds > 1
  return both(
    `"${t.title.en}": records with the same ${en} may not overlap in time.${waits ? ` Whoever reads or writes "${t.title.en}" waits while ${count(found.rows)} records are compared, about ${count(found.seconds)} s: publish at a quiet hour.` : ''}`,
    `“${t.title.zh}”:${zh} 相同的记录期间不得重叠。${waits ? `比对 ${count(found.rows)} 条记录约需 ${count(found.seconds)} 秒,期间读写“${t.title.zh}”需等待:请在空闲时段发布。` : ''}`,
  )
}
export const addReference = (t: TableShape, c: ColumnShape) =>
  both(
    `"${t.title.en}: ${c.title.en}" always points to a record that exists.`,
    `“${t.title.zh}:${c.title.zh}”始终指向存在的记录。`,
  )
export const dropConstraint = (t: TableShape, name: string) => {
  const kind = readConstraintName(name)?.kind
  return kind === 'unique'
    ? both(`A rule of uniqueness of "${t.title.en}" goes.`, `“${t.title.zh}”的一条唯一性约束被移除。`)
    : kind === 'exclusive'
      ? both(`A rule against overlaps of "${t.title.en}" goes.`, `“${t.title.zh}”的一条期间排他约束被移除。`)
      : both(
          `An index of "${t.title.en}" that nothing needs goes.`,
          `“${t.title.zh}”的一个不再需要的索引被移除。`,
        )
}
