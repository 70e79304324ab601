import Type, { type Static } from 'typebox'
import { choice, words } from '../../definition/shared.ts'

/** What is done when an effect fails. The same wherever a definition names an effect. */
export const failureSettings = {
  /**
   * How often it is tried before it counts as failed, and how long after each failure. Only what may pass by itself is
   * tried again: a system that does not answer, not a value that is refused. Default 8 tries within about half an hour.
   */
  retry: Type.Optional(
    Type.Object(
      {
        /** Tries in all. */
        max: Type.Integer({ minimum: 1, maximum: 20, ...words({ en: 'Tries', zh: '尝试次数' }) }),
        /** `exp`: every wait is 2.7 times the one before, up to six hours; `fixed`: all are the same. Default `exp`. */
        backoff: Type.Optional(
          choice(
            {
              exp: { en: 'Longer each time', zh: '逐次延长' },
              fixed: { en: 'Always the same', zh: '固定间隔' },
            },
            { ...words({ en: 'Waits', zh: '间隔方式' }), default: 'exp' },
          ),
        ),
        /** The first wait. Default about three seconds. */
        wait: Type.Optional(
          Type.Object(
            {
              after: Type.Integer({ minimum: 1, maximum: 60 }),
              unit: Type.Enum(['second', 'minute', 'hour']),
            },
            { additionalProperties: false, ...words({ en: 'First wait', zh: '首次间隔' }) },
          ),
        ),
      },
      { additionalProperties: false, ...words({ en: 'Tried again', zh: '失败重试' }) },
    ),
  ),
  /**
   * Once it has failed for good: `incident`, the case stands still until an administrator sees to it; `continue`, it
   * goes on without, its story says so and administrators are told. Not where money hangs on it. Default `incident`.
   */
  onFail: Type.Optional(
    choice(
      {
        incident: { en: 'The case waits for an administrator', zh: '等待管理员处理' },
        continue: { en: 'The case goes on without it', zh: '跳过并继续' },
      },
      { ...words({ en: 'When it fails', zh: '失败时' }), default: 'incident' },
    ),
  ),
}

const FailureSettings = Type.Object(failureSettings)
export type FailureSettings = Static<typeof FailureSettings>
export type RetrySettings = NonNullable<FailureSettings['retry']>

const seconds = { second: 1, minute: 60, hour: 3600 } as const
const longest = 6 * 3_600_000

/** Milliseconds from the failure of that try (the first is 1) to the next. */
export function waitAfterTry({ backoff = 'exp', wait }: RetrySettings, tried: number): number {
  const first = wait === undefined ? 1000 * Math.E : wait.after * seconds[wait.unit] * 1000
  if (backoff === 'fixed') return Math.round(first)
  return Math.round(Math.max(first, Math.min(first * Math.exp(tried - 1), longest)))
}
