import Type from 'typebox'
import { defineNodeType } from '../node-type.ts'

/** Where the ways of a choice come together again: the first to come goes on, for no other will. */
export const merge = defineNodeType({
  name: 'merge',
  title: { en: 'Merge', zh: '合并' },
  icon: 'git-merge',
  settings: Type.Object({}, { additionalProperties: false }),
  exits: () => ['next'],
  check: () => [],
  run: () => ({ exit: 'next' }),
  trace: () => null,
})
