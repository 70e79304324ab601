import Type from 'typebox'
import { defineNodeType } from '../node-type.ts'

export const start = defineNodeType({
  name: 'start',
  title: { en: 'Start', zh: '开始' },
  icon: 'player-play',
  settings: Type.Object({}, { additionalProperties: false }),
  place: 'start',
  exits: () => ['next'],
  check: () => [],
  run: () => ({ exit: 'next' }),
  trace: () => null,
})
