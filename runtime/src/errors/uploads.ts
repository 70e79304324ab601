import { defineError } from './create-error.ts'

// Files that people send and fetch.

export const uploadUnknown = defineError({
  code: 'UPLOAD_UNKNOWN',
  status: 404,
  message: { en: 'There is no such file that you may see.', zh: '没有您可查看的该文件。' },
  hint: {
    en: 'A file is seen by whoever sees the record or the case it belongs to. One that belongs to nothing goes after a day: choose it again.',
    zh: '能查看所属记录或流程实例的人才能查看文件;未关联任何内容的文件一天后清除,请重新选择。',
  },
})
export const uploadMissing = defineError({
  code: 'UPLOAD_MISSING',
  status: 400,
  message: { en: 'The request holds no file.', zh: '请求中没有文件。' },
  hint: {
    en: 'Send multipart/form-data with one part named "file" that has a file name.',
    zh: '请以 multipart/form-data 发送,包含一个名为"file"且带文件名的部分。',
  },
})
export const uploadEmpty = defineError({
  code: 'UPLOAD_EMPTY',
  status: 422,
  message: { en: 'The file is empty.', zh: '文件为空。' },
  hint: { en: 'Check that it was saved, and choose it again.', zh: '请确认文件已保存,然后重新选择。' },
})
export const uploadTooLarge = defineError({
  code: 'UPLOAD_TOO_LARGE',
  status: 413,
  message: { en: 'The file is larger than {limit} MB.', zh: '文件超过 {limit} MB。' },
  hint: { en: 'Make it smaller, or split it.', zh: '请压缩或拆分文件。' },
})
export const uploadTypeRefused = defineError({
  code: 'UPLOAD_TYPE_REFUSED',
  status: 415,
  message: { en: 'Files of this kind ({type}) are not taken.', zh: '不接受此类文件({type})。' },
  hint: {
    en: 'Send it in one of these: {allowed}. What counts is what the file holds, not what it is called.',
    zh: '请改用以下类型:{allowed}。以文件内容为准,与文件名无关。',
  },
})
export const uploadsWaiting = defineError({
  code: 'UPLOADS_WAITING',
  status: 429,
  message: {
    en: 'You have sent {limit} files that belong to nothing yet.',
    zh: '您已上传 {limit} 个尚未使用的文件。',
  },
  hint: {
    en: 'Save the records they are for, or wait: what is not used goes after a day.',
    zh: '请先保存相应记录;未使用的文件一天后自动清除。',
  },
})
export const uploadContentGone = defineError({
  code: 'UPLOAD_CONTENT_GONE',
  status: 410,
  message: { en: 'What the file held is no longer in the store.', zh: '文件内容已不在存储中。' },
  hint: {
    en: 'Ask whoever runs the server to put the folder of files back from a copy.',
    zh: '请联系运维从备份恢复文件目录。',
  },
})
export const uploadRange = defineError({
  code: 'UPLOAD_RANGE',
  status: 416,
  message: { en: 'The file has no such part.', zh: '文件没有该部分内容。' },
  hint: { en: 'Ask for a range within its length.', zh: '请请求文件长度范围内的内容。' },
})
export const uploadInUse = defineError({
  code: 'UPLOAD_IN_USE',
  status: 409,
  message: { en: 'The file belongs to a record or a case.', zh: '文件已关联到记录或流程实例。' },
  hint: { en: 'Take it out of the field it stands in.', zh: '请从所在字段中移除。' },
})
export const fieldFileUnknown = defineError({
  code: 'FIELD_FILE_UNKNOWN',
  status: 422,
  message: { en: 'There is no such file that you may use here.', zh: '没有您可在此使用的该文件。' },
  hint: { en: 'Choose the file again.', zh: '请重新选择文件。' },
})
export const fieldFileType = defineError({
  code: 'FIELD_FILE_TYPE',
  status: 422,
  message: {
    en: '{name}: this field does not take files of this kind.',
    zh: '{name}:该字段不接受此类文件。',
  },
  hint: { en: 'Take a file of another kind.', zh: '请更换文件类型。' },
})
export const fieldFileSize = defineError({
  code: 'FIELD_FILE_SIZE',
  status: 422,
  message: { en: '{name} is larger than {limit} MB.', zh: '{name} 超过 {limit} MB。' },
  hint: { en: 'Make it smaller, or split it.', zh: '请压缩或拆分文件。' },
})
