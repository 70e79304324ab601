import { defineError } from './create-error.ts'

/** Publishing, drafts, releases, packs and access. */

export const workspaceNotFound = defineError({
  code: 'WORKSPACE_NOT_FOUND',
  status: 404,
  message: { en: 'There is no workspace "{workspace}".', zh: '工作区“{workspace}”不存在。' },
  hint: { en: 'Check the address.', zh: '请检查地址。' },
})

export const workspaceExists = defineError({
  code: 'WORKSPACE_EXISTS',
  status: 409,
  message: { en: 'A workspace "{workspace}" exists already.', zh: '工作区“{workspace}”已存在。' },
  hint: { en: 'Choose another key.', zh: '请换一个标识。' },
})

export const workspaceKeyInvalid = defineError({
  code: 'WORKSPACE_KEY_INVALID',
  status: 422,
  message: { en: '"{workspace}" cannot be the key of a workspace.', zh: '“{workspace}”不能作为工作区标识。' },
  hint: {
    en: 'Use a small letter followed by up to 39 small letters, digits or underscores, and no word of the addresses, such as "session" or "builder".',
    zh: '请以小写字母开头,最多再用 39 个小写字母、数字或下划线;不能使用地址中的保留词,例如 session、builder。',
  },
})

export const nothingPublished = defineError({
  code: 'NOTHING_PUBLISHED',
  status: 409,
  message: { en: 'Nothing has been published in this workspace yet.', zh: '该工作区尚未发布任何内容。' },
  hint: { en: 'Install a pack or publish the drafts first.', zh: '请先安装模板包或发布草稿。' },
})

export const releaseNotFound = defineError({
  code: 'RELEASE_NOT_FOUND',
  status: 404,
  message: { en: 'There is no release {release}.', zh: '发布版 {release} 不存在。' },
  hint: { en: 'Look at the list of releases.', zh: '请查看发布版列表。' },
})

export const releaseUnreadable = defineError({
  code: 'RELEASE_UNREADABLE',
  status: 500,
  message: {
    en: 'Release {release} can no longer be read by this version of the program.',
    zh: '当前程序版本无法读取发布版 {release}。',
  },
  hint: { en: 'Tell the operator; a newer version may be needed.', zh: '请联系运维人员,可能需要更新版本。' },
})

export const draftNotFound = defineError({
  code: 'DRAFT_NOT_FOUND',
  status: 404,
  message: { en: 'There is no draft of "{path}".', zh: '“{path}”没有草稿。' },
  hint: { en: 'It may have been published or discarded.', zh: '它可能已发布或已被放弃。' },
})

export const definitionNotFound = defineError({
  code: 'DEFINITION_NOT_FOUND',
  status: 404,
  message: { en: 'There is no definition "{path}".', zh: '定义“{path}”不存在。' },
  hint: { en: 'Look at the list of definitions.', zh: '请查看定义列表。' },
})

export const draftChanged = defineError({
  code: 'DRAFT_CHANGED',
  status: 409,
  message: { en: 'Somebody saved "{path}" in the meantime.', zh: '“{path}”已被他人修改。' },
  hint: { en: 'Load it again and repeat your change.', zh: '请重新载入后再修改。' },
})

export const draftPathInvalid = defineError({
  code: 'DRAFT_PATH_INVALID',
  status: 422,
  message: { en: '"{path}" is not a place for a definition.', zh: '“{path}”不是有效的定义位置。' },
  hint: {
    en: 'Use the folder of a kind and a name in small letters, such as objects/customer.json.',
    zh: '请使用种类文件夹加小写名称,例如 objects/customer.json。',
  },
})

export const draftTextInvalid = defineError({
  code: 'DRAFT_TEXT_INVALID',
  status: 422,
  message: { en: 'The text of "{path}" cannot be stored.', zh: '“{path}”的文本无法保存。' },
  hint: {
    en: 'It holds a null byte or half a character, or is larger than 1 MiB.',
    zh: '文本含空字节或不完整字符,或超过 1 MiB。',
  },
})

export const draftOutdated = defineError({
  code: 'DRAFT_OUTDATED',
  status: 409,
  message: {
    en: 'Drafts start from definitions that were published anew since: {paths}.',
    zh: '以下草稿所依据的定义已有新的发布:{paths}。',
  },
  hint: {
    en: 'Compare each with the release, save it again on top of it, then publish.',
    zh: '请逐一与发布版比较,在其基础上重新保存后再发布。',
  },
})

export const publishBusy = defineError({
  code: 'PUBLISH_BUSY',
  status: 409,
  message: { en: 'Another publish of this workspace is under way.', zh: '该工作区正在进行另一次发布。' },
  hint: { en: 'Wait until it has ended, then look at its result.', zh: '请等待其结束并查看结果。' },
})

export const publishRefused = defineError({
  code: 'PUBLISH_REFUSED',
  status: 422,
  message: { en: 'The definitions have {count} errors.', zh: '定义中有 {count} 个错误。' },
  hint: { en: 'Mend them; nothing was changed.', zh: '请先改正;未做任何更改。' },
})

export const publishUnconfirmed = defineError({
  code: 'PUBLISH_UNCONFIRMED',
  status: 409,
  message: {
    en: 'Changes that people will feel need to be confirmed by name: {names}.',
    zh: '会影响用户的变更需按名称确认:{names}。',
  },
  hint: { en: 'Read the plan and type the names that it asks for.', zh: '请阅读计划并输入其中要求的名称。' },
})

export const publishCasesFailed = defineError({
  code: 'PUBLISH_CASES_FAILED',
  status: 422,
  message: {
    en: 'Cases of the packs that fail with these definitions: {count}.',
    zh: '在这些定义下有 {count} 个用例未通过。',
  },
  hint: {
    en: 'Mend the definitions or the cases; nothing was changed.',
    zh: '请修正定义或用例;未做任何更改。',
  },
})

export const publishDataRefused = defineError({
  code: 'PUBLISH_DATA_REFUSED',
  status: 409,
  message: { en: 'Records break "{constraint}": {detail}', zh: '已有记录违反“{constraint}”:{detail}' },
  hint: {
    en: 'Mend the records or leave the constraint out; the release in force stays.',
    zh: '请先修正记录或去掉该约束;当前发布版保持不变。',
  },
})

export const publishLockedOut = defineError({
  code: 'PUBLISH_LOCKED_OUT',
  status: 503,
  message: {
    en: 'Table "{table}" was in use for too long to be changed.',
    zh: '表“{table}”长时间被占用,无法变更。',
  },
  hint: {
    en: 'End long reports or imports and publish again; done steps are kept.',
    zh: '请结束耗时的报表或导入后重新发布;已完成的步骤会保留。',
  },
})

export const publishExtensionMissing = defineError({
  code: 'PUBLISH_EXTENSION_MISSING',
  status: 503,
  message: {
    en: 'Exclusive periods need the Postgres extension "{extension}", and the owner may not create it.',
    zh: '排他期间需要 Postgres 扩展“{extension}”,而当前所有者无权创建。',
  },
  hint: {
    en: 'Ask the operator to run: CREATE EXTENSION {extension}',
    zh: '请运维人员执行:CREATE EXTENSION {extension}',
  },
})

export const publishRuleNotSql = defineError({
  code: 'PUBLISH_RULE_NOT_SQL',
  status: 422,
  message: {
    en: 'The rule of {where} cannot be expressed in SQL: {detail}',
    zh: '{where} 的规则无法转换为 SQL:{detail}',
  },
  hint: {
    en: 'Use conditions over the fields of the record and $user.',
    zh: '请使用基于记录字段与 $user 的条件。',
  },
})

export const publicationCancelled = defineError({
  code: 'PUBLICATION_CANCELLED',
  status: 409,
  message: { en: 'The publish was cancelled; nothing was changed.', zh: '发布已取消,未做任何更改。' },
  hint: {
    en: 'Publish again when you are ready; the drafts are as they were.',
    zh: '草稿保持不变,准备好后可重新发布。',
  },
})
export const publicationUnderWay = defineError({
  code: 'PUBLICATION_UNDER_WAY',
  status: 409,
  message: {
    en: 'The tables are being changed already; this publish can no longer be cancelled.',
    zh: '数据表已开始变更,此次发布无法再取消。',
  },
  hint: {
    en: 'Wait for its end; a rollback brings the former release back.',
    zh: '请等待其完成;可通过回滚恢复之前的发布版。',
  },
})
export const publicationNotFound = defineError({
  code: 'PUBLICATION_NOT_FOUND',
  status: 404,
  message: { en: 'There is no such publish.', zh: '没有这次发布。' },
  hint: { en: 'Look at the list of releases.', zh: '请查看发布版列表。' },
})

export const publishFieldInCases = defineError({
  code: 'PUBLISH_FIELD_IN_CASES',
  status: 422,
  message: {
    en: '{count} open cases read or write "{field}", which {happens}: {flows}. They go on with what it was.',
    zh: '有 {count} 个进行中的流程读写“{field}”,而该字段{happens}:{flows}。这些流程将沿用原字段。',
  },
  hint: {
    en: 'Move these cases to the new release once it is published, or let them end first; or keep the field as it is and add a new one beside it.',
    zh: '可在发布后将这些流程迁移到新版本,或等其办结后再发布;也可保留原字段,另建新字段。',
  },
})
export const publishCasesOpen = defineError({
  code: 'PUBLISH_CASES_OPEN',
  status: 422,
  message: {
    en: '{count} open cases are about "{object}", which this release does not have.',
    zh: '有 {count} 个进行中的流程针对“{object}”,而该版本中不再包含它。',
  },
  hint: {
    en: 'Let them end, or terminate them, or keep the object.',
    zh: '请等待流程办结、终止流程,或保留该对象。',
  },
})
