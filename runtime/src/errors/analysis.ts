import { defineError } from './create-error.ts'

// What is found in rules and tables that are sound, but most likely not meant so. Warnings: they stop no publish.

export const tableGap = defineError({
  code: 'TABLE_GAP',
  status: 422,
  message: { en: 'No row takes this input: {example}.', zh: '没有一行命中这样的输入:{example_zh}。' },
  hint: { en: 'Add a row for it, or a default.', zh: '请为其添加一行,或设置默认值。' },
})
export const tableOverlap = defineError({
  code: 'TABLE_OVERLAP',
  status: 422,
  message: {
    en: 'Rows {first} and {second} both take this input: {example}.',
    zh: '第 {first} 行与第 {second} 行都命中这样的输入:{example_zh}。',
  },
  hint: {
    en: 'Let the rows exclude each other, or let the first row that takes it decide.',
    zh: '请让两行互斥,或改为由首个命中的行决定。',
  },
})
export const tableUnreachable = defineError({
  code: 'TABLE_UNREACHABLE',
  status: 422,
  message: { en: 'Row {row} is never used: {why}.', zh: '第 {row} 行永远不会用到:{why_zh}。' },
  hint: { en: 'Remove it, or put it before those rows.', zh: '请删除该行,或将其移到那些行之前。' },
})
export const tableOrder = defineError({
  code: 'TABLE_ORDER',
  status: 422,
  message: {
    en: 'Row {row} gives {value}, less than row {before} below it gives ({least}).',
    zh: '第 {row} 行的取值 {value} 低于更低一档的第 {before} 行({least})。',
  },
  hint: {
    en: 'Check the values: most tables rise from band to band.',
    zh: '请核对取值:通常档位越高取值越高。',
  },
})
export const tiersOrder = defineError({
  code: 'TIERS_ORDER',
  status: 422,
  message: {
    en: 'Band {row} gives {value}, less than band {before} below it gives ({least}).',
    zh: '第 {row} 档的取值 {value} 低于更低的第 {before} 档({least})。',
  },
  hint: {
    en: 'Check the values: most bands rise from one to the next.',
    zh: '请核对取值:通常档位越高取值越高。',
  },
})
export const tableUnproven = defineError({
  code: 'TABLE_UNPROVEN',
  status: 422,
  message: {
    en: 'The table is too large to be proved free of {what}.',
    zh: '该表过大,未能证明不存在{what_zh}。',
  },
  hint: { en: 'Split it, or set a default.', zh: '请拆分该表,或设置默认值。' },
})
export const conditionConstant = defineError({
  code: 'T8_WHOLE',
  status: 422,
  message: { en: 'This condition is always {value}{why}.', zh: '该条件恒为{value_zh}{why_zh}。' },
  hint: { en: 'Check the comparisons in it, or remove it.', zh: '请核对其中的比较,或删除它。' },
})
export const conditionContradiction = defineError({
  code: 'T8_CONTRADICTION',
  status: 422,
  message: {
    en: 'This cannot hold together with what stands before it{why}.',
    zh: '该条件与前面的条件不可能同时成立{why_zh}。',
  },
  hint: { en: 'Change one of them; "or" lets either hold.', zh: '请修改其中之一;若满足其一即可,请用“或”。' },
})
export const branchUnreachable = defineError({
  code: 'T8_BRANCH',
  status: 422,
  message: {
    en: 'This branch is never taken: a test before it holds whenever this one does.',
    zh: '该分支永远不会执行:此条件成立时,前面的条件已经成立。',
  },
  hint: { en: 'Put the narrower test first.', zh: '请把范围更小的条件放在前面。' },
})
