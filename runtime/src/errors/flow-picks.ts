import { defineError } from './create-error.ts'

// People whom somebody chooses for a step.

const status = 422

export const flowPickMissing = defineError({
  code: 'FLOW_PICK_MISSING',
  status,
  message: {
    en: 'Choose who is asked at "{step}": at least {min}.',
    zh: '请为“{step}”选择处理人,至少 {min} 人。',
  },
  hint: {
    en: 'Send the ids of the people as picks, by the id of the step.',
    zh: '请在 picks 中按步骤编号给出人员编号。',
  },
})
export const flowPickTooMany = defineError({
  code: 'FLOW_PICK_TOO_MANY',
  status,
  message: { en: 'At most {max} people may be chosen for "{step}".', zh: '“{step}”最多选择 {max} 人。' },
  hint: { en: 'Choose fewer people.', zh: '请减少人数。' },
})
export const flowPickOutside = defineError({
  code: 'FLOW_PICK_OUTSIDE',
  status,
  message: {
    en: 'Not all of these people may be chosen for "{step}".',
    zh: '所选人员中有人不在“{step}”的可选范围内。',
  },
  hint: { en: 'Choose from the people that are offered.', zh: '请从提供的人员中选择。' },
})
export const flowPickUnasked = defineError({
  code: 'FLOW_PICK_UNASKED',
  status,
  message: { en: 'Nobody is chosen for this step here.', zh: '此处无需为该步骤选择处理人。' },
  hint: {
    en: 'Leave it out, or name steps that ask for people to be chosen now.',
    zh: '请去掉,或仅填写此时需要选人的步骤。',
  },
})
