import { Alert, Button, Group, Text } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { focusBelow, useFace } from '../../src/fields/face.tsx'
import { isEmpty } from '../../src/forms/is-empty.ts'
import type { JsonObject } from '../../src/json.ts'
import { type ApiProblem, isProblem, isRecordOutOfDate } from '../api/problem.ts'
import { newId } from '../parts/ids.ts'
import { formatMoment } from '../parts/moments.ts'
import { useChanged } from '../parts/refusal.tsx'
import { useSpeech } from '../words/i18n.ts'
import { changedOnly, clearDraft, type FormDraft, readDraft, writeDraft } from './drafts.ts'
import { ErrorSummary } from './ErrorSummary.tsx'
import { compileForReader, type FormOutcome, objectsOnly, previewCheck, runForm, valuesOf } from './engine.ts'
import type { FormViewProps } from './form-props.ts'
import { fieldsOf, layOutSteps } from './layout.ts'
import {
  type FormProblem,
  groupByField,
  groupByMessage,
  namePlace,
  readDetails,
  readRefusal,
  tellOfFiles,
} from './problems.ts'
import { inputId, StepForm } from './StepForm.tsx'
import { StepsBar } from './StepsBar.tsx'
import { StepContext, type StepState } from './step-context.ts'
import { AwaitingFiles, useArrival } from './use-arrival.tsx'
import { useRelated } from './use-related.ts'
import { createFormValidator } from './validator-type.ts'

interface Sending {
  readonly state: 'idle' | 'sending' | 'refused'
  readonly problem: ApiProblem | null
  readonly placed: readonly FormProblem[]
}
type Related = Readonly<Record<string, JsonObject>>
/** What may have to wait for files that are on their way: another step, or sending it all. */
type Intent =
  | { readonly go: 'next' | string }
  | { readonly send: FormViewProps['onSubmit']; readonly answer: string | null }
const idle: Sending = { state: 'idle', problem: null, placed: [] }

/**
 * A form as its definition says, alive: rules run with every change by the same function as on the server. Entries
 * survive a reload, a lost network and a lost session.
 */
export function FormView(props: FormViewProps) {
  const { form, object, actor, record, draft = null, rev = null } = props
  const { locale, say } = useSpeech()
  const { timeZone } = useFace()
  const idPrefix = useId().replaceAll(':', '')
  const summary = useRef<{ focus(): void }>(null)
  const [kept] = useState<FormDraft | null>(() => (draft ? readDraft(draft) : null))
  const [restored, setRestored] = useState(kept)
  const stored = record ?? null
  const writable = props.writable ?? null
  const program = useMemo(
    () => compileForReader(props.definitions ?? objectsOnly([object]), form),
    [props.definitions, object, form],
  )
  const [decision, setDecision] = useState<string | null>(null)
  const run = (values: JsonObject, opening: boolean, related: Related, answer = decision) =>
    runForm({
      program,
      actor,
      timeZone,
      values,
      record: stored,
      related,
      writable,
      opening,
      decision: answer,
    })

  const begun = () => ({ ...props.given, ...valuesOf(program, stored) })
  const [outcome, setOutcome] = useState(() =>
    run(kept ? { ...begun(), ...kept.values } : begun(), !kept, {}),
  )
  const related = useRelated(program, outcome.values, props.readRecord)
  const [at, setAt] = useState<string | null>(kept?.step ?? null)
  const [attempted, setAttempted] = useState<ReadonlySet<string>>(new Set())
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [sending, setSending] = useState(idle)
  const [key, setKey] = useState(() => kept?.idempotencyKey ?? newId())

  // A definition that changed under the form (the designer types), a language, or a record that a rule waited for
  // is applied to what was entered.
  const ran = useRef({ program, related })
  useEffect(() => {
    if (ran.current.program === program && ran.current.related === related) return
    ran.current = { program, related }
    setOutcome((before) =>
      runForm({
        program,
        actor,
        timeZone,
        values: before.values,
        record: stored,
        related,
        writable,
        opening: false,
        decision,
      }),
    )
  }, [program, related, actor, timeZone, stored, writable, decision])

  const { values } = outcome
  const steps = layOutSteps(form, object, outcome.isVisible, outcome.isStepVisible)
  const index = Math.max(
    steps.findIndex((step) => step.id === at),
    0,
  )
  const step = steps[index]
  const shown = steps.flatMap(fieldsOf)
  const check = useMemo(() => props.check ?? previewCheck(program), [props.check, program])
  const language = useRef(locale)
  language.current = locale
  const validator = useMemo(() => createFormValidator(check, () => language.current), [check])

  const findProblems = (of: FormOutcome) =>
    tellOfFiles(
      readDetails(
        [...of.problems, ...validator.describe(of.submitted)],
        Object.keys(object.schema.properties),
        locale,
      ),
      of.submitted,
      say('form.fileUnsent'),
    )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the function closes over is named
  const found = useMemo(() => findProblems(outcome), [outcome, validator, object, locale])
  const stepOf = (field: string) => steps.find((one) => fieldsOf(one).includes(field))
  const entered = (field: string) =>
    values[field] !== undefined && values[field] !== null && values[field] !== ''
  // What is wrong shows once a person has tried to go on, or has left a field with something in it.
  const visibleProblems = [
    ...found.filter(({ field }) =>
      field === null
        ? attempted.has('$submit')
        : attempted.has(stepOf(field)?.id ?? '$submit') || (left.has(field) && entered(field)),
    ),
    ...sending.placed,
  ]
  const messages = groupByField(visibleProblems)
  // One sentence about several fields of a refusal stands at the first; the others are marked.
  const told = new Map(
    groupByMessage(sending.placed).map((one) => [one.message, one.places[0]?.field ?? null]),
  )

  const keep = (next: JsonObject, stepId: string | null, nextKey: string) => {
    if (!draft) return
    writeDraft(draft, {
      values: changedOnly(next, stored),
      step: stepId,
      rev,
      idempotencyKey: nextKey,
      savedAt: new Date().toISOString(),
    })
  }

  const change = (next: JsonObject) => {
    arrival.noteChange(values, next)
    const after = run(next, false, related)
    setOutcome(after)
    // Other content is another request.
    const nextKey = sending.state === 'refused' ? newId() : key
    setKey(nextKey)
    keep(after.values, step?.id ?? null, nextKey)
    forgetRefusal(after.values)
    props.onChange?.(after.values, values)
  }
  /** What is wrong with a field that stayed as it was is still wrong. */
  const forgetRefusal = (now: JsonObject) => {
    if (sending.state !== 'refused') return
    setSending({
      ...idle,
      placed: sending.placed.filter(({ field }) => field !== null && values[field] === now[field]),
    })
  }
  useChanged(props.beside ?? [], () => {
    arrival.callOff()
    if (sending.state !== 'refused') return
    const nextKey = newId()
    setKey(nextKey)
    keep(values, step?.id ?? null, nextKey)
    forgetRefusal(values)
  })

  const goTo = (stepId: string) => {
    setAt(stepId)
    if (draft && Object.keys(values).length > 0) keep(values, stepId, key)
    window.scrollTo({ top: 0 })
  }
  const jump = ({ field, below }: FormProblem) => {
    const target = field === null ? undefined : stepOf(field)
    if (target && target.id !== step?.id) goTo(target.id)
    if (field !== null) focusField(field, below)
  }
  const focusField = (field: string, below = '') => {
    // The step may only be drawn with the next frame.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const input = document.getElementById(inputId(idPrefix, field))
        input?.focus()
        // A field that holds fields knows where its parts are; they may not be in the page yet.
        if (below) input?.dispatchEvent(new CustomEvent(focusBelow, { detail: below }))
      }),
    )
  }
  const showSummary = () => requestAnimationFrame(() => summary.current?.focus())

  const ask = (answer: string) => {
    if (!program.readsDecision || answer === decision) return false
    const after = run(values, false, related, answer)
    setDecision(answer)
    setOutcome(after)
    setSending(idle)
    const more = layOutSteps(form, object, after.isVisible, after.isStepVisible).flatMap((one) =>
      fieldsOf(one).flatMap((field) =>
        !outcome.isVisible(field) && after.isRequired(field) && isEmpty(after.values[field])
          ? [{ field, step: one.id }]
          : [],
      ),
    )
    const [first] = more
    if (!first) return false
    if (first.step !== step?.id) goTo(first.step)
    focusField(first.field)
    return true
  }

  const submit = async (send = props.onSubmit, answer = decision) => {
    const now = answer === decision ? outcome : run(values, false, related, answer)
    const fields = layOutSteps(form, object, now.isVisible, now.isStepVisible).flatMap(fieldsOf)
    setAttempted(new Set([...form.steps.map((one) => one['x-id']), '$submit']))
    const wrong = findProblems(now).filter(({ field }) => field === null || fields.includes(field))
    if (wrong.length > 0) {
      const first = steps.find((one) =>
        wrong.some(({ field }) => field !== null && fieldsOf(one).includes(field)),
      )
      if (first && !wrong.some(({ field }) => field !== null && step && fieldsOf(step).includes(field)))
        goTo(first.id)
      setSending(idle)
      showSummary()
      return
    }
    if (!send) return
    setSending({ ...idle, state: 'sending' })
    try {
      await send(now.submitted, { idempotencyKey: key })
      if (draft) clearDraft(draft)
      setSending(idle)
    } catch (error) {
      if (!isProblem(error)) throw error
      const placed = readRefusal(error, fields)
      setSending({ state: 'refused', problem: error, placed })
      const first = steps.find((one) =>
        placed.some(({ field }) => field !== null && fieldsOf(one).includes(field)),
      )
      if (first && first.id !== step?.id) goTo(first.id)
      showSummary()
    }
  }

  const goOn = () => {
    if (!step) return
    const following = steps[index + 1]
    if (!following) return void submit()
    const wrong = found.some(({ field }) => field !== null && fieldsOf(step).includes(field))
    setAttempted((before) => new Set([...before, step.id]))
    if (wrong) showSummary()
    else goTo(following.id)
  }

  const arrival = useArrival<Intent>(values, (intent) => {
    if ('answer' in intent) void submit(intent.send, intent.answer)
    else if (intent.go === 'next') goOn()
    else goTo(intent.go)
  })
  const next = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (sending.state !== 'sending') arrival.begin({ go: 'next' })
  }

  const startAfresh = () => {
    if (draft) clearDraft(draft)
    setRestored(null)
    setAttempted(new Set())
    setLeft(new Set())
    setSending(idle)
    setKey(newId())
    setAt(null)
    setOutcome(run(begun(), true, related))
  }

  if (!step) return <Text c="dimmed">{say('form.noForm')}</Text>
  const state: StepState = {
    form,
    object,
    step,
    idPrefix,
    stored,
    isRequired: outcome.isRequired,
    isReadonly: outcome.isReadonly,
    problems: (field) =>
      (messages.get(field) ?? []).map((problem) => ({
        path: problem.below,
        message: (told.get(problem.message) ?? field) === field ? problem.message : '',
      })),
    titles: props.titles ?? {},
    onLeave: (field) => setLeft((before) => (before.has(field) ? before : new Set([...before, field]))),
  }
  const last = index === steps.length - 1
  const place = (field: string | null) => (field === null ? -1 : shown.indexOf(field))
  const summarised = visibleProblems
    .filter(
      ({ field }) =>
        field === null ||
        (attempted.has(stepOf(field)?.id ?? '') && shown.includes(field)) ||
        sending.state === 'refused',
    )
    .sort((a, b) => place(a.field) - place(b.field))

  return (
    <form noValidate onSubmit={next} aria-busy={sending.state === 'sending'}>
      <StepsBar
        steps={steps}
        current={index}
        reached={steps.reduce((most, one, i) => (attempted.has(one.id) ? i + 1 : most), index)}
        onStep={(to) => steps[to] && arrival.begin({ go: steps[to].id })}
        wrong={(i) => steps[i] !== undefined && fieldsOf(steps[i]).some((field) => messages.has(field))}
      />
      {restored && (
        <Alert color="gray" mb="lg" icon={<IconDeviceFloppy size={18} />} p="sm">
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              {say('form.draftRestored', { when: formatMoment(restored.savedAt, locale, timeZone) })}
              {restored.rev !== null && rev !== null && restored.rev !== rev && ` ${say('form.draftOlder')}`}
            </Text>
            <Button size="compact-sm" variant="subtle" onClick={startAfresh}>
              {say('form.draftDiscard')}
            </Button>
          </Group>
        </Alert>
      )}
      <ErrorSummary
        ref={summary}
        problems={summarised}
        hint={sending.problem?.hint}
        requestId={sending.problem && sending.problem.status >= 500 ? sending.problem.requestId : null}
        placeOf={(problem) => namePlace(form, object, problem, locale, say)}
        onJump={jump}
        action={
          props.onReload && sending.problem && isRecordOutOfDate(sending.problem) ? (
            <Button size="xs" mt="xs" variant="default" onClick={props.onReload}>
              {say('form.loadNewest')}
            </Button>
          ) : undefined
        }
      />
      <StepContext.Provider value={state}>
        <StepForm key={step.id} values={values} onChange={change} validator={validator} />
      </StepContext.Provider>
      {props.children && <div className="cw-form-more">{props.children}</div>}
      <div className="cw-actions cw-form-actions" style={{ marginTop: '1.75rem' }}>
        {arrival.waiting !== null && <AwaitingFiles />}
        {last && props.actions ? (
          props.actions({
            readsDecision: program.readsDecision,
            waiting: arrival.waiting !== null && 'answer' in arrival.waiting ? arrival.waiting.answer : null,
            ask,
            submit: (send, answer) => arrival.begin({ send, answer }),
          })
        ) : (
          <Button
            type="submit"
            loading={sending.state === 'sending' || arrival.waiting !== null}
            loaderProps={{ 'aria-label': say('form.submitting') }}
          >
            {last
              ? (props.sendTitle ??
                form.submit?.title[locale] ??
                say(form.purpose === 'edit' ? 'form.save' : 'form.submit'))
              : say('form.next')}
          </Button>
        )}
        {index > 0 && (
          <Button
            variant="default"
            disabled={sending.state === 'sending'}
            onClick={() => steps[index - 1] && arrival.begin({ go: steps[index - 1]!.id })}
          >
            {say('form.previous')}
          </Button>
        )}
        {props.onCancel && (
          <Button
            variant="subtle"
            color="gray"
            disabled={sending.state === 'sending'}
            onClick={props.onCancel}
          >
            {say('app.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}
