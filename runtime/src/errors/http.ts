import { defineError } from './create-error.ts'

// What the server refuses before a request reaches the part it is meant for.

export const requestInvalid = defineError({
  code: 'REQUEST_INVALID',
  status: 400,
  message: { en: 'The request is not of the form this address takes.', zh: '请求格式不符合该地址的要求。' },
  hint: { en: 'Mend the places named in the details.', zh: '请修改所列各项。' },
})
export const bodyNotJson = defineError({
  code: 'BODY_NOT_JSON',
  status: 400,
  message: {
    en: 'The body is not valid JSON: line {line}, column {column}.',
    zh: '请求体不是有效的 JSON:第 {line} 行第 {column} 列。',
  },
  hint: {
    en: 'Mend that place; common are a comma too many and single quotes.',
    zh: '请修改该处;常见原因是多余的逗号或使用了单引号。',
  },
})
export const bodyUnsafe = defineError({
  code: 'BODY_UNSAFE',
  status: 400,
  message: { en: 'The body holds something that is never accepted.', zh: '请求体含有不允许的内容。' },
  hint: {
    en: 'Remove the keys __proto__, constructor and prototype, null characters and broken emoji; write numbers as JSON does.',
    zh: '请去掉键 __proto__、constructor、prototype,以及空字符和残缺的表情符号;数字须按 JSON 书写。',
  },
})
export const bodyTooLarge = defineError({
  code: 'BODY_TOO_LARGE',
  status: 413,
  message: {
    en: 'The body is larger than the {limit} bytes taken here.',
    zh: '请求体超过此处允许的 {limit} 字节。',
  },
  hint: { en: 'Send less at once.', zh: '请减少单次发送的内容。' },
})
export const bodyTypeUnknown = defineError({
  code: 'BODY_TYPE_UNKNOWN',
  status: 415,
  message: { en: 'Only JSON in UTF-8 is taken here.', zh: '此处仅接受 UTF-8 编码的 JSON。' },
  hint: { en: 'Send Content-Type: application/json.', zh: '请使用 Content-Type: application/json。' },
})
export const streamsTooMany = defineError({
  code: 'STREAMS_TOO_MANY',
  status: 429,
  message: {
    en: 'You have {most} streams of events open already.',
    zh: '您已打开 {most} 个事件流,达到上限。',
  },
  hint: {
    en: 'Close pages or programs that listen, then try again.',
    zh: '请关闭部分页面或监听程序后重试。',
  },
})
export const addressUnknown = defineError({
  code: 'ADDRESS_UNKNOWN',
  status: 404,
  message: { en: 'There is nothing at this address.', zh: '该地址不存在。' },
  hint: {
    en: 'Check it against /api/v1/<workspace>/openapi.json.',
    zh: '请对照 /api/v1/<工作区>/openapi.json 检查。',
  },
})
export const methodUnknown = defineError({
  code: 'METHOD_UNKNOWN',
  status: 405,
  message: { en: 'This address does not take {method}.', zh: '该地址不支持 {method}。' },
  hint: { en: 'It takes: {allowed}.', zh: '支持:{allowed}。' },
})
export const originRefused = defineError({
  code: 'ORIGIN_REFUSED',
  status: 403,
  message: { en: 'The request comes from another site.', zh: '请求来自其他网站。' },
  hint: { en: 'Open the page from its own address.', zh: '请从本站地址打开页面。' },
})
export const tooManyRequests = defineError({
  code: 'TOO_MANY_REQUESTS',
  status: 429,
  message: {
    en: 'Too many attempts. Try again in {seconds} seconds.',
    zh: '尝试次数过多,请在 {seconds} 秒后重试。',
  },
  hint: { en: 'Wait, then try again.', zh: '请稍候再试。' },
})
export const databaseUnavailable = defineError({
  code: 'DATABASE_UNAVAILABLE',
  status: 503,
  message: { en: 'The data can not be reached at the moment.', zh: '暂时无法访问数据。' },
  hint: { en: 'Nothing is lost; try again in a moment.', zh: '数据没有丢失,请稍后重试。' },
})
export const serverFailed = defineError({
  code: 'SERVER_FAILED',
  status: 500,
  message: { en: 'Something went wrong on our side.', zh: '服务器出现错误。' },
  hint: {
    en: 'Try again; if it stays, tell your administrator the request number {request}.',
    zh: '请重试;如仍出现,请将请求编号 {request} 告知管理员。',
  },
})
