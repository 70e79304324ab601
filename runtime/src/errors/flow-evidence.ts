import { defineError } from './create-error.ts'

// What people attach to their answers in flows.

export const flowAttachmentUnknown = defineError({
  code: 'FLOW_ATTACHMENT_UNKNOWN',
  status: 422,
  message: {
    en: 'There is no such file that you may attach.',
    zh: '没有您可作为附件的该文件。',
  },
  hint: {
    en: 'Choose the file again: what is not used goes after a day.',
    zh: '请重新选择文件:未使用的文件一天后清除。',
  },
})
export const flowSignatureUnreadable = defineError({
  code: 'FLOW_SIGNATURE_UNREADABLE',
  status: 422,
  message: {
    en: 'The picture of the signature is empty or cannot be read.',
    zh: '签名图片为空或无法读取。',
  },
  hint: { en: 'Sign again.', zh: '请重新签名。' },
})
