import { ActionIcon, Button, Group, Input, Progress, Text } from '@mantine/core'
import { type DragEvent, useEffect, useId, useRef, useState } from 'react'
import { useFace, useWords } from '../face.tsx'
import { FileList } from './file-list.tsx'
import { isFileId, placeFor } from './on-its-way.ts'
import { formatBytes, useFiles } from './use-files.tsx'

/** A file on its way. */
interface Sending {
  readonly key: string
  readonly file: File
  readonly part: number
  readonly stop: AbortController
  /** Why it did not arrive; `again`: it is tried once more when the network is back. */
  readonly problem: { readonly message: string; readonly again: boolean } | null
}

export interface FilesInputProps {
  readonly id: string
  readonly label: string
  readonly help?: string
  readonly required: boolean
  readonly readonly: boolean
  readonly errors: readonly string[]
  readonly bare?: boolean
  /** Most files. */
  readonly most: number
  /** Media types; empty: whatever the server takes. */
  readonly accept: readonly string[]
  /** Pictures are shown as such, and may be taken with the camera. */
  readonly pictures?: boolean
  readonly value: readonly string[]
  readonly titles?: Readonly<Record<string, string>>
  onChange(value: string[]): void
  onBlur?(): void
}

/** Files to choose, drop or photograph; each is sent at once and can be stopped, tried again and taken out. */
export function FilesInput(props: FilesInputProps) {
  const { id, label, help, required, errors, accept, most, pictures = false } = props
  const { files, touch } = useFace()
  const say = useWords()
  const input = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const mark = useId()
  const [sending, setSending] = useState<readonly Sending[]>([])
  const [over, setOver] = useState(false)
  const [tooMany, setTooMany] = useState(false)
  const [lost, setLost] = useState(0)
  // Files arrive when they do: what they are added to is the list of that moment.
  const latest = useRef(props)
  latest.current = props
  const arrived = props.value.filter(isFileId)
  const known = useFiles(arrived)
  const count = useRef(0)
  // Place → what came of it, `[]` when it was left out: files that arrive together must not undo each other.
  const settled = useRef(new Map<string, readonly string[]>())
  const tell = (ids: readonly string[]) => latest.current.onChange([...ids])
  const settle = (ids: readonly string[]): readonly string[] =>
    ids.flatMap((one) => {
      const now = settled.current.get(one)
      return now === undefined ? [one] : settle(now)
    })
  const put = (place: string, now: readonly string[]) => {
    settled.current.set(place, now)
    tell(settle(latest.current.value))
  }
  useEffect(() => {
    if (props.value.some((one) => settled.current.has(one))) tell(settle(props.value))
  })

  const patch = (key: string, more: Partial<Sending>) =>
    setSending((all) => all.map((one) => (one.key === key ? { ...one, ...more } : one)))
  const forget = (key: string) => setSending((all) => all.filter((one) => one.key !== key))
  /** A try has a place of its own: what became of one says nothing of the next. */
  const begin = (file: File): Sending => {
    count.current += 1
    const key = `${mark}${count.current}`
    return { key, file, part: 0, stop: new AbortController(), problem: null }
  }
  const send = ({ key, file, stop }: Sending) => {
    files?.send(file, { signal: stop.signal, onProgress: (part) => patch(key, { part }) }).then(
      ({ id }) => {
        forget(key)
        put(placeFor(key, 'sending'), [id])
      },
      (error: unknown) => {
        if (stop.signal.aborted) return
        const { message = '', kind } = error as { message?: string; kind?: string }
        patch(key, { problem: { message, again: kind === 'network' } })
        put(placeFor(key, 'sending'), [placeFor(key, 'unsent')])
      },
    )
  }
  const sendAgain = (failed: Sending) => {
    const next = begin(failed.file)
    setSending((all) => all.map((one) => (one.key === failed.key ? next : one)))
    put(placeFor(failed.key, 'unsent'), [placeFor(next.key, 'sending')])
    send(next)
  }
  const leaveOut = ({ key, stop, problem }: Sending) => {
    stop.abort()
    forget(key)
    put(placeFor(key, problem ? 'unsent' : 'sending'), [])
  }
  const add = (chosen: readonly File[]) => {
    const value = settle(latest.current.value)
    const taken = chosen.slice(0, Math.max(0, most - value.length))
    setTooMany(taken.length < chosen.length)
    const fresh = taken.map(begin)
    if (fresh.length === 0) return
    setLost(0)
    setSending((all) => [...all, ...fresh])
    tell([...value, ...fresh.map(({ key }) => placeFor(key, 'sending'))])
    for (const one of fresh) send(one)
  }

  const waiting = useRef<() => void>(() => undefined)
  waiting.current = () => {
    for (const one of sending) if (one.problem?.again) sendAgain(one)
  }
  useEffect(() => {
    const back = () => waiting.current()
    window.addEventListener('online', back)
    return () => window.removeEventListener('online', back)
  }, [])
  // A draft that was kept while files were on their way holds places that nothing will come to any more.
  useEffect(() => {
    const { value, onChange } = latest.current
    const here = value.filter(isFileId)
    if (here.length === value.length) return
    setLost(value.length - here.length)
    onChange(here)
  }, [])

  const error = errors.length > 0 ? errors.join(' ').trim() || true : undefined
  const list = arrived.length > 0 && (
    <ul className="cw-files">
      {arrived.map((one) => {
        const name = known.get(one)?.name ?? props.titles?.[one] ?? say({ en: 'File', zh: '文件' })
        return (
          <li key={one}>
            {pictures && <img src={files?.href(one)} alt="" loading="lazy" />}
            <a href={files?.href(one)} target="_blank" rel="noreferrer">
              {name}
            </a>
            {known.has(one) && <small>{formatBytes(known.get(one)?.bytes ?? 0)}</small>}
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={say({ en: `Remove ${name}`, zh: `移除 ${name}` })}
              onClick={() => tell(props.value.filter((other) => other !== one))}
            >
              ×
            </ActionIcon>
          </li>
        )
      })}
    </ul>
  )
  if (props.readonly)
    return (
      <Input.Wrapper label={props.bare ? undefined : label} description={help} labelElement="div">
        {arrived.length > 0 ? (
          <FileList ids={arrived} titles={props.titles} pictures={pictures} />
        ) : (
          <span aria-hidden>—</span>
        )}
      </Input.Wrapper>
    )
  const types = accept.join(',') || (pictures ? 'image/*' : undefined)
  const taken = (element: HTMLInputElement) => {
    add([...(element.files ?? [])])
    // The same file may be chosen again once it was taken out.
    element.value = ''
  }
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    add([...event.dataTransfer.files])
  }
  const isFull = props.value.length >= most
  return (
    <Input.Wrapper
      id={id}
      label={props.bare ? undefined : label}
      description={help}
      withAsterisk={required}
      error={error}
    >
      {list}
      {sending.map((one) => (
        <Group key={one.key} gap="xs" wrap="nowrap" className="cw-sending">
          <div>
            <Text size="sm" truncate>
              {one.file.name}
            </Text>
            {one.problem ? (
              <Text size="xs" c="red" role="alert">
                {one.problem.message}
              </Text>
            ) : (
              <Progress
                size="sm"
                value={one.part * 100}
                aria-label={say({ en: `Sending ${one.file.name}`, zh: `正在上传 ${one.file.name}` })}
              />
            )}
          </div>
          {one.problem && (
            <Button size="compact-xs" variant="default" onClick={() => sendAgain(one)}>
              {say({ en: 'Try again', zh: '重试' })}
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" onClick={() => leaveOut(one)}>
            {one.problem ? say({ en: 'Leave out', zh: '移除' }) : say({ en: 'Cancel', zh: '取消' })}
          </Button>
        </Group>
      ))}
      <fieldset
        className="cw-drop"
        aria-label={label}
        data-over={over || undefined}
        data-error={error ? '' : undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <input
          ref={input}
          id={id}
          type="file"
          className="cw-drop-input"
          multiple={most > 1}
          accept={types}
          disabled={!files || isFull}
          aria-invalid={error ? true : undefined}
          aria-label={props.bare ? label : undefined}
          onBlur={props.onBlur}
          onChange={(event) => taken(event.currentTarget)}
        />
        <Button
          size="compact-sm"
          variant="default"
          tabIndex={-1}
          aria-hidden
          disabled={!files || isFull}
          onClick={() => input.current?.click()}
        >
          {pictures
            ? say({ en: 'Choose pictures', zh: '选择图片' })
            : say({ en: 'Choose files', zh: '选择文件' })}
        </Button>
        {pictures && touch && (
          <>
            <input
              ref={camera}
              type="file"
              hidden
              accept="image/*"
              capture="environment"
              onChange={(event) => taken(event.currentTarget)}
            />
            <Button
              size="compact-sm"
              variant="default"
              disabled={!files || isFull}
              onClick={() => camera.current?.click()}
            >
              {say({ en: 'Take a photo', zh: '拍照' })}
            </Button>
          </>
        )}
        {!touch && !props.bare && (
          <Text size="xs" c="dimmed">
            {say({ en: 'or drop them here', zh: '或拖放到此处' })}
          </Text>
        )}
      </fieldset>
      {lost > 0 && (
        <Text size="xs" c="red" role="alert">
          {say({
            en:
              lost === 1
                ? 'A file did not arrive. Choose it again.'
                : `${lost} files did not arrive. Choose them again.`,
            zh: `${lost} 个文件未上传完成,请重新选择。`,
          })}
        </Text>
      )}
      {tooMany && (
        <Text size="xs" c="red" role="alert">
          {say({ en: `At most ${most} files.`, zh: `最多 ${most} 个文件。` })}
        </Text>
      )}
    </Input.Wrapper>
  )
}
