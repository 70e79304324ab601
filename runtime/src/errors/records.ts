import { defineError } from './create-error.ts'

// What a read or a write of records is refused with. Messages never tell of rows that the reader may not see.

export const objectUnknown = defineError({
  code: 'OBJECT_UNKNOWN',
  status: 404,
  message: { en: 'There is no object "{object}" that you may read.', zh: '没有您可以读取的对象"{object}"。' },
  hint: {
    en: 'Check its key, or ask for a role that may read it.',
    zh: '请检查对象标识,或申请可读取它的角色。',
  },
})
export const recordNotFound = defineError({
  code: 'RECORD_NOT_FOUND',
  status: 404,
  message: { en: 'There is no such record, or you may not see it.', zh: '记录不存在,或您无权查看。' },
  hint: { en: 'It may have been deleted; go back to the list.', zh: '记录可能已被删除,请返回列表。' },
})
export const recordInvalid = defineError({
  code: 'RECORD_INVALID',
  status: 400,
  message: { en: 'Some values are not accepted.', zh: '部分内容未被接受。' },
  hint: { en: 'Mend the places named in the details.', zh: '请修改所列各项。' },
})
export const recordRefused = defineError({
  code: 'RECORD_REFUSED',
  status: 422,
  message: { en: 'The record does not meet its rules.', zh: '记录不符合规则。' },
  hint: { en: 'Mend the places named in the details.', zh: '请修改所列各项。' },
})
export const actionForbidden = defineError({
  code: 'ACTION_FORBIDDEN',
  status: 403,
  message: { en: 'Your roles do not allow this.', zh: '您的角色不允许此操作。' },
  hint: { en: 'Ask an administrator for the right you need.', zh: '请向管理员申请所需权限。' },
})
export const fieldForbidden = defineError({
  code: 'FIELD_FORBIDDEN',
  status: 403,
  message: {
    en: 'Your roles may not write the fields named in the details.',
    zh: '您的角色不能填写所列字段。',
  },
  hint: { en: 'Leave them out, or ask for the right to write them.', zh: '请去掉这些字段,或申请填写权限。' },
})
export const fieldNotYours = defineError({
  code: 'FIELD_NOT_YOURS',
  status: 403,
  message: { en: 'You may not write this field.', zh: '您不能填写此字段。' },
  hint: { en: 'Leave it out.', zh: '请去掉该项。' },
})
export const fieldByForm = defineError({
  code: 'FIELD_BY_FORM',
  status: 403,
  message: {
    en: 'This field is filled when a form is submitted; it is not taken from you directly.',
    zh: '此字段由表单提交时填写,不能直接提交。',
  },
  hint: { en: 'Submit the form instead.', zh: '请改用表单提交。' },
})
export const rowForbidden = defineError({
  code: 'ROW_FORBIDDEN',
  status: 403,
  message: {
    en: 'Your roles do not allow this for a record with these values.',
    zh: '您的角色不允许对此记录进行该操作。',
  },
  hint: {
    en: 'Most often the organisation named in the record is not yours.',
    zh: '多数情况下,记录所属的组织不是您的组织。',
  },
})
export const referenceUnknown = defineError({
  code: 'REFERENCE_UNKNOWN',
  status: 422,
  message: {
    en: 'The record referred to does not exist, or you may not see it.',
    zh: '所引用的记录不存在,或您无权查看。',
  },
  hint: { en: 'Choose one from the list.', zh: '请从列表中选择。' },
})
export const userUnknown = defineError({
  code: 'USER_UNKNOWN',
  status: 422,
  message: { en: 'No such member of this workspace.', zh: '工作区中没有该成员。' },
  hint: { en: 'Choose one from the list.', zh: '请从列表中选择。' },
})
export const moveRefused = defineError({
  code: 'MOVE_REFUSED',
  status: 409,
  message: { en: 'From "{from}" there is no way to "{to}".', zh: '不能从"{from}"变为"{to}"。' },
  hint: { en: 'Possible now: {possible}.', zh: '当前可变为:{possible}。' },
})
export const moveByFlow = defineError({
  code: 'MOVE_BY_FLOW',
  status: 409,
  message: {
    en: 'Only an approval flow moves it from "{from}" to "{to}".',
    zh: '只有审批流程可以将其从"{from}"变为"{to}"。',
  },
  hint: { en: 'Wait for the decision, or ask the approver.', zh: '请等待审批结果,或联系审批人。' },
})
export const notUnique = defineError({
  code: 'NOT_UNIQUE',
  status: 409,
  message: { en: 'Another record already has these values.', zh: '已有其他记录使用这些值。' },
  hint: { en: 'Change the fields named in the details.', zh: '请修改所列字段。' },
})
export const notExclusive = defineError({
  code: 'NOT_EXCLUSIVE',
  status: 409,
  message: { en: 'The period is already taken until {until}.', zh: '该期间已被占用,至 {until}。' },
  hint: {
    en: 'Choose another period, or other values in the fields named.',
    zh: '请选择其他期间,或修改所列字段。',
  },
})
export const recordStale = defineError({
  code: 'RECORD_STALE',
  status: 412,
  message: { en: 'The record was changed in the meantime.', zh: '记录在此期间已被修改。' },
  hint: { en: 'Load it again and repeat your change.', zh: '请重新加载后再修改。' },
})
export const ifMatchInvalid = defineError({
  code: 'IF_MATCH_INVALID',
  status: 400,
  message: { en: 'If-Match does not hold an ETag of a record.', zh: 'If-Match 不是记录的 ETag。' },
  hint: { en: 'Send back the ETag that you were given, like "3".', zh: '请原样发送收到的 ETag,例如 "3"。' },
})
export const idempotencyKeyInvalid = defineError({
  code: 'IDEMPOTENCY_KEY_INVALID',
  status: 400,
  message: {
    en: 'Idempotency-Key must be 1 to 200 printable characters.',
    zh: 'Idempotency-Key 须为 1 到 200 个可见字符。',
  },
  hint: { en: 'A UUID serves well.', zh: '建议使用 UUID。' },
})
export const idempotencyConflict = defineError({
  code: 'IDEMPOTENCY_CONFLICT',
  status: 409,
  message: {
    en: 'This Idempotency-Key was used before with another request.',
    zh: '该 Idempotency-Key 已用于另一请求。',
  },
  hint: { en: 'Use a new key for a new request.', zh: '新的请求请使用新的键。' },
})
export const recordReferenced = defineError({
  code: 'RECORD_REFERENCED',
  status: 409,
  message: { en: 'Other records refer to it.', zh: '有其他记录引用它。' },
  hint: { en: 'Change or delete those first.', zh: '请先修改或删除那些记录。' },
})
export const valueRefused = defineError({
  code: 'VALUE_REFUSED',
  status: 422,
  message: { en: 'The database refuses a value of this record.', zh: '数据库拒绝了此记录中的某个值。' },
  hint: { en: 'Check lengths, ranges and required fields.', zh: '请检查长度、范围和必填字段。' },
})
export const ruleFailed = defineError({
  code: 'RULE_FAILED',
  status: 422,
  message: { en: 'A rule of this record has no result: {reason}', zh: '记录的规则无法得出结果:{reason}' },
  hint: { en: 'Check the numbers and dates you gave.', zh: '请检查填写的数字和日期。' },
})
export const filterInvalid = defineError({
  code: 'FILTER_INVALID',
  status: 400,
  message: { en: 'The filter is not accepted.', zh: '筛选条件未被接受。' },
  hint: {
    en: 'A condition over fields that you may read, as JSON: {"==": [{"var": "state"}, "open"]}.',
    zh: '请提供以您可读取的字段写成的 JSON 条件,如 {"==": [{"var": "state"}, "open"]}。',
  },
})
export const listInvalid = defineError({
  code: 'LIST_INVALID',
  status: 400,
  message: {
    en: '"{name}" names something that cannot be listed by: {value}.',
    zh: '"{name}" 的取值不可用:{value}。',
  },
  hint: { en: 'Use fields of the object that you may read.', zh: '请使用您可读取的字段。' },
})
export const cursorInvalid = defineError({
  code: 'CURSOR_INVALID',
  status: 400,
  message: { en: 'The cursor does not belong to this list.', zh: '该分页游标不属于此列表。' },
  hint: { en: 'Begin again at the first page.', zh: '请从第一页重新开始。' },
})
export const writeContended = defineError({
  code: 'WRITE_CONTENDED',
  status: 503,
  message: { en: 'Too many are writing this at once.', zh: '同时写入者过多。' },
  hint: { en: 'Try again in a moment.', zh: '请稍后重试。' },
})
export const formUnknown = defineError({
  code: 'FORM_UNKNOWN',
  status: 404,
  message: { en: 'There is no form "{form}" that you may use here.', zh: '没有您可在此使用的表单"{form}"。' },
  hint: {
    en: 'Check its key, or ask for a role that may use it.',
    zh: '请检查表单标识,或申请可使用它的角色。',
  },
})
export const viewUnknown = defineError({
  code: 'VIEW_UNKNOWN',
  status: 404,
  message: { en: 'There is no view "{view}" that you may open.', zh: '没有您可打开的视图"{view}"。' },
  hint: {
    en: 'Check its key, or ask for a role that may open it.',
    zh: '请检查视图标识,或申请可打开它的角色。',
  },
})
export const fileGone = defineError({
  code: 'FILE_GONE',
  status: 404,
  message: { en: 'This version of the file is no longer served.', zh: '该版本的文件已不再提供。' },
  hint: { en: 'Load the page again.', zh: '请刷新页面。' },
})
