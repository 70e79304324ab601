import Type from 'typebox'
import { defineCardType } from '../card-type.ts'

/** What waits for the reader's decision. */
export const tasks = defineCardType({
  name: 'tasks',
  title: { en: 'To do', zh: '待办' },
  icon: 'checklist',
  settings: Type.Object({}),
  check() {},
})
