import { Group, Progress, Stack, Stepper, Text } from '@mantine/core'
import { useSpeech } from '../words/i18n.ts'
import type { FormStep } from './layout.ts'

/** Where one is among the steps; on a phone one line and a bar. */
export function StepsBar({
  steps,
  current,
  reached,
  onStep,
  wrong,
}: {
  steps: readonly FormStep[]
  current: number
  /** Steps up to here were passed once and may be jumped to. */
  reached: number
  onStep(index: number): void
  /** Whether something in the step needs attention. */
  wrong(index: number): boolean
}) {
  const { locale, say } = useSpeech()
  const step = steps[current]
  if (steps.length < 2 || !step) return null
  return (
    <>
      <Stack gap={6} hiddenFrom="sm" mb="lg">
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text fw={600}>{step.title[locale]}</Text>
          <Text size="xs" c="dimmed" className="cw-num cw-nowrap">
            {say('form.step', { number: current + 1, count: steps.length })}
          </Text>
        </Group>
        <Progress
          value={((current + 1) / steps.length) * 100}
          size="sm"
          aria-label={say('form.step', { number: current + 1, count: steps.length })}
        />
      </Stack>
      <Stepper
        visibleFrom="sm"
        size="sm"
        mb="xl"
        active={current}
        onStepClick={onStep}
        allowNextStepsSelect={false}
        maw={steps.length < 4 ? 220 * steps.length : undefined}
      >
        {steps.map((one, index) => (
          <Stepper.Step
            key={one.id}
            label={one.title[locale]}
            color={wrong(index) ? 'red' : undefined}
            allowStepSelect={index <= reached}
            aria-current={index === current ? 'step' : undefined}
          />
        ))}
      </Stepper>
    </>
  )
}
