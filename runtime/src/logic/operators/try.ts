import { defineOperator } from '../operator.ts'
import { RuleFailure, type Thunk } from '../value.ts'
import { unify } from './shared/typing.ts'

export const attempt = defineOperator({
  name: 'try',
  level: 'F',
  group: 'logic',
  title: { en: 'if it can be computed', zh: '可计算则取' },
  describe: {
    en: 'The first operand that can be computed, where others divide by zero or leave the range; what none can is an error.',
    zh: '第一个能够算出的操作数(其余可能除以零或超出范围);都无法算出时报错。',
  },
  args: [{ name: 'values', title: { en: 'value', zh: '值' }, kind: 'value', rest: 1 }],
  lazy: true,
  skipped: { en: 'an earlier one could be computed', zh: '前面的已能算出' },
  type: (call) =>
    unify(
      call,
      call.args.map((_, i) => i),
    ),
  evaluate: (call) => {
    const [last, ...before] = call.node.args.map((_, i) => call.as(i, call.node.type)).reverse()
    return before.reduce<Thunk>(
      (rest, value) => (frame) => {
        try {
          return value(frame)
        } catch (thrown) {
          if (!(thrown instanceof RuleFailure)) throw thrown
          return rest(frame)
        }
      },
      last!,
    )
  },
  explain: { en: 'the first that can be computed: {out}', zh: '第一个能算出的:{out}' },
})
