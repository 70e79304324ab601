import { defineError } from './create-error.ts'

// Who may come in, and how.

export const signInNeeded = defineError({
  code: 'SIGN_IN_NEEDED',
  status: 401,
  message: { en: 'You are not signed in.', zh: '您尚未登录。' },
  hint: { en: 'Sign in and try again.', zh: '请登录后重试。' },
})
export const sessionOfAnother = defineError({
  code: 'SESSION_OF_ANOTHER',
  status: 401,
  message: {
    en: 'Somebody else has signed in with this browser since the page was opened.',
    zh: '此页面打开后,其他人已在此浏览器中登录。',
  },
  hint: {
    en: 'Sign in again as the person whose page this is; nothing was read or changed under the other name.',
    zh: '请以此页面原来的账号重新登录;没有以他人身份读取或修改任何内容。',
  },
})
export const signInRefused = defineError({
  code: 'SIGN_IN_REFUSED',
  status: 401,
  message: { en: 'E-mail or password is wrong.', zh: '邮箱或密码不正确。' },
  hint: {
    en: 'Check both; ask an administrator for a new invitation if you forgot it.',
    zh: '请检查;若忘记密码,请向管理员申请新的邀请。',
  },
})
export const workspaceUnknown = defineError({
  code: 'WORKSPACE_UNKNOWN',
  status: 404,
  message: {
    en: 'There is no such workspace, or you are not a member of it.',
    zh: '工作区不存在,或您不是其成员。',
  },
  hint: { en: 'Check the address, or ask for an invitation.', zh: '请检查地址,或申请邀请。' },
})
export const workspaceEmpty = defineError({
  code: 'WORKSPACE_EMPTY',
  status: 409,
  message: { en: 'Nothing has been published in this workspace yet.', zh: '该工作区尚未发布任何内容。' },
  hint: { en: 'Install a pack or publish the draft.', zh: '请安装模板包或发布草稿。' },
})
export const rightMissing = defineError({
  code: 'RIGHT_MISSING',
  status: 403,
  message: { en: 'None of your roles has the right "{right}".', zh: '您的角色没有“{right}”权限。' },
  hint: { en: 'Ask an administrator of the workspace.', zh: '请联系工作区管理员。' },
})
export const invitationUnknown = defineError({
  code: 'INVITATION_UNKNOWN',
  status: 404,
  message: {
    en: 'This invitation does not exist, was used, or has expired.',
    zh: '邀请不存在、已使用或已过期。',
  },
  hint: { en: 'Ask for a new one.', zh: '请申请新的邀请。' },
})
export const accountExists = defineError({
  code: 'ACCOUNT_EXISTS',
  status: 409,
  message: { en: 'You already have an account; its password is needed.', zh: '您已有账号,需要输入其密码。' },
  hint: { en: 'Sign in first, then open the invitation again.', zh: '请先登录,再打开邀请。' },
})
export const passwordWeak = defineError({
  code: 'PASSWORD_WEAK',
  status: 422,
  message: { en: 'The password must have 10 to 128 characters.', zh: '密码须为 10 至 128 个字符。' },
  hint: { en: 'A few words in a row make a good one.', zh: '几个词连在一起就是好密码。' },
})
export const memberUnknown = defineError({
  code: 'MEMBER_UNKNOWN',
  status: 404,
  message: { en: 'There is no such member.', zh: '没有该成员。' },
  hint: { en: 'Load the list again.', zh: '请刷新列表。' },
})
export const roleUnknown = defineError({
  code: 'ROLE_UNKNOWN',
  status: 422,
  message: { en: 'The workspace has no role "{role}".', zh: '工作区没有角色“{role}”。' },
  hint: { en: 'Roles are: {roles}.', zh: '现有角色:{roles}。' },
})
export const roleForOthers = defineError({
  code: 'ROLE_FOR_OTHERS',
  status: 422,
  message: { en: 'The role "{role}" does not fit: {reason}.', zh: '角色“{role}”不适用:{reason}。' },
  hint: {
    en: 'Partner roles need an organisation; staff roles take none.',
    zh: '伙伴角色须指定组织;内部角色不能指定组织。',
  },
})
export const partnerUnknown = defineError({
  code: 'PARTNER_UNKNOWN',
  status: 422,
  message: { en: 'There is no such organisation.', zh: '没有该组织。' },
  hint: { en: 'Choose one from the list.', zh: '请从列表中选择。' },
})
export const lastManager = defineError({
  code: 'LAST_MANAGER',
  status: 409,
  message: { en: 'Nobody would be left who may manage members.', zh: '将没有人可以管理成员。' },
  hint: { en: 'Give another person that right first.', zh: '请先将该权限授予他人。' },
})
