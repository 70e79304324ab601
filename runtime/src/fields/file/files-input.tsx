import { ActionIcon, Button, Group, Input, Progress, Text } from '@mantine/core'
import { type DragEvent, useEffect, useId, useRef, useState } from 'react'
import { useFace, useWords } from '../face.tsx'
import { FileList } from './file-list.tsx'
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

/**
 * Stands in the list of ids while a file is on its way, so that nothing is sent off without it: it is no id, and no form
 * takes it for one.
 */
const onItsWay = 'sending:'

export function isFileId(id: string): boolean {
  return !id.startsWith(onItsWay)
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
  // Files arrive when they do: what they are added to is the list of that moment.
  const latest = useRef(props)
  latest.current = props
  const arrived = props.value.filter(isFileId)
  const known = useFiles(arrived)
  const tell = (ids: readonly string[]) => latest.current.onChange([...ids])
  const count = useRef(0)

  const patch = (key: string, more: Partial<Sending>) =>
    setSending((all) => all.map((one) => (one.key === key ? { ...one, ...more } : one)))
  const drop = (key: string) => {
    setSending((all) => all.filter((one) => one.key !== key))
    tell(latest.current.value.filter((one) => one !== onItsWay + key))
  }
  const send = (one: Pick<Sending, 'key' | 'file'>) => {
    const stop = new AbortController()
    patch(one.key, { stop, part: 0, problem: null })
    files?.send(one.file, { signal: stop.signal, onProgress: (part) => patch(one.key, { part }) }).then(
      (file) => {
        setSending((all) => all.filter((other) => other.key !== one.key))
        const { value } = latest.current
        tell(value.map((held) => (held === onItsWay + one.key ? file.id : held)))
      },
      (error: unknown) => {
        if (stop.signal.aborted) return
        const { message = '', kind } = error as { message?: string; kind?: string }
        patch(one.key, { problem: { message, again: kind === 'network' } })
      },
    )
  }
  const add = (chosen: readonly File[]) => {
    const { value } = latest.current
    const taken = chosen.slice(0, Math.max(0, most - value.length))
    setTooMany(taken.length < chosen.length)
    const fresh = taken.map((file): Sending => {
      count.current += 1
      return { key: `${mark}${count.current}`, file, part: 0, stop: new AbortController(), problem: null }
    })
    if (fresh.length === 0) return
    setSending((all) => [...all, ...fresh])
    tell([...value, ...fresh.map(({ key }) => onItsWay + key)])
    for (const one of fresh) send(one)
  }

  const waiting = useRef<() => void>(() => undefined)
  waiting.current = () => {
    for (const one of sending) if (one.problem?.again) send(one)
  }
  useEffect(() => {
    const back = () => waiting.current()
    window.addEventListener('online', back)
    return () => window.removeEventListener('online', back)
  }, [])
  // A draft that was kept while files were on their way holds places that nothing will come to any more.
  useEffect(() => {
    const { value, onChange } = latest.current
    if (value.some((one) => !isFileId(one))) onChange(value.filter(isFileId))
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
            <Button size="compact-xs" variant="default" onClick={() => send(one)}>
              {say({ en: 'Try again', zh: '重试' })}
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              one.stop.abort()
              drop(one.key)
            }}
          >
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
      {tooMany && (
        <Text size="xs" c="red" role="alert">
          {say({ en: `At most ${most} files.`, zh: `最多 ${most} 个文件。` })}
        </Text>
      )}
    </Input.Wrapper>
  )
}
