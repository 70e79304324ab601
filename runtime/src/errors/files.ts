import { defineError } from './create-error.ts'

// Texts that are not yet definitions: JSON files of a pack, drafts.

export const jsonSyntax = defineError({
  code: 'JSON_SYNTAX',
  status: 422,
  message: { en: 'This is not valid JSON: {problem}.', zh: 'JSON 格式不正确:{problem}。' },
  hint: { en: 'Mend the text at the line and column shown.', zh: '请在所示行列处修正文本。' },
})
export const jsonDuplicateKey = defineError({
  code: 'JSON_DUPLICATE_KEY',
  status: 422,
  message: { en: 'The key "{name}" stands twice in the same object.', zh: '同一对象中键"{name}"重复出现。' },
  hint: {
    en: 'Keep one of the two; a reader would silently take the last.',
    zh: '请只保留一个,否则读取时只会取最后一个。',
  },
})
export const jsonForbiddenKey = defineError({
  code: 'JSON_FORBIDDEN_KEY',
  status: 422,
  message: { en: 'The key "{name}" is not allowed.', zh: '不允许使用键"{name}"。' },
  hint: {
    en: 'Choose another name; this one reaches into the language the server is written in.',
    zh: '请换用其他名称;该名称是程序语言的保留成员。',
  },
})
export const jsonBadText = defineError({
  code: 'JSON_BAD_TEXT',
  status: 422,
  message: {
    en: 'This text holds a null character or half of a character.',
    zh: '文本中含有空字符或不完整的字符。',
  },
  hint: {
    en: 'Type the text again; it cannot be stored as it is.',
    zh: '请重新输入该文本;当前内容无法保存。',
  },
})
export const jsonTooDeep = defineError({
  code: 'JSON_TOO_DEEP',
  status: 422,
  message: { en: 'The JSON is nested deeper than {limit} levels.', zh: 'JSON 嵌套超过 {limit} 层。' },
  hint: { en: 'Flatten it.', zh: '请减少嵌套层数。' },
})
export const fileTooLarge = defineError({
  code: 'FILE_TOO_LARGE',
  status: 413,
  message: {
    en: '{name} is {size} bytes; the most is {limit}.',
    zh: '{name} 大小为 {size} 字节,上限为 {limit}。',
  },
  hint: {
    en: 'Split the definition, or check that this is the right file.',
    zh: '请拆分该定义,或确认文件是否正确。',
  },
})
export const packTooLarge = defineError({
  code: 'PACK_TOO_LARGE',
  status: 413,
  message: { en: 'The packs hold more than {limit} bytes.', zh: '模板包总大小超过 {limit} 字节。' },
  hint: {
    en: 'Packs are definitions only; keep data and files elsewhere.',
    zh: '模板包只包含定义;数据与文件请另行存放。',
  },
})
export const packTooManyFiles = defineError({
  code: 'PACK_TOO_MANY_FILES',
  status: 413,
  message: { en: 'The packs hold more than {limit} definitions.', zh: '模板包中的定义超过 {limit} 个。' },
  hint: { en: 'Install fewer packs at once.', zh: '请减少一次安装的模板包数量。' },
})
export const packNotFound = defineError({
  code: 'PACK_NOT_FOUND',
  status: 404,
  message: {
    en: 'There is no pack at {name}: no folder with a pack.json.',
    zh: '{name} 处没有模板包:未找到含 pack.json 的文件夹。',
  },
  hint: {
    en: 'Give the folder that holds pack.json, or one that holds such folders.',
    zh: '请指定含有 pack.json 的文件夹,或其上级文件夹。',
  },
})
export const packUnsafeFile = defineError({
  code: 'PACK_UNSAFE_FILE',
  status: 422,
  message: { en: '{name} is not an ordinary file inside the pack.', zh: '{name} 不是模板包内的普通文件。' },
  hint: {
    en: 'Links and devices are not followed; put the file itself there.',
    zh: '不会读取链接或设备文件,请放入文件本身。',
  },
})
export const packUnknownFile = defineError({
  code: 'PACK_UNKNOWN_FILE',
  status: 422,
  message: {
    en: '{name} belongs to no kind of definition and is left out.',
    zh: '{name} 不属于任何定义类型,已忽略。',
  },
  hint: {
    en: 'Definitions lie in {folders}; cases in cases/, demo data in demo/.',
    zh: '定义应放在 {folders};用例放在 cases/,演示数据放在 demo/。',
  },
})
