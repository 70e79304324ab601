import { Button, Group, Input, Text } from '@mantine/core'
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'

const width = 480
const height = 140
/** A first line shorter than this, in points of the picture, is a touch by mistake and no signature. */
const shortest = 4

/**
 * A signature: drawn with finger, pen or mouse, or put there with a button, for those who don't draw. A value is the
 * picture as a data address, or `name:` and the name.
 */
export function SignaturePad({
  id,
  label,
  required,
  error,
  value,
  onChange,
}: {
  id: string
  label: string
  required?: boolean
  error?: string
  value: string | null
  onChange(value: string | null): void
}) {
  const { say } = useSpeech()
  const { portal } = useWorkspace()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [drawing, setDrawing] = useState(false)
  // Where the line began and how far from there it went.
  const line = useRef({ from: [0, 0] as readonly [number, number], reach: 0 })
  // What stands on the canvas, as a value: only what came from elsewhere has to be put there.
  const drawn = useRef<string | null>(null)
  useEffect(() => {
    const pen = canvas.current?.getContext('2d')
    if (!pen || drawn.current === value) return
    drawn.current = value
    pen.clearRect(0, 0, width, height)
    if (!value?.startsWith('data:')) return
    // Drawn before the pad was put up anew: what is sent is what is seen.
    const picture = new Image()
    picture.onload = () => {
      if (drawn.current === value) pen.drawImage(picture, 0, 0)
    }
    picture.src = value
  }, [value])
  const point = ({ nativeEvent, currentTarget }: PointerEvent<HTMLCanvasElement>) => {
    const box = currentTarget.getBoundingClientRect()
    return [
      ((nativeEvent.clientX - box.left) / box.width) * width,
      ((nativeEvent.clientY - box.top) / box.height) * height,
    ] as const
  }
  const begin = (event: PointerEvent<HTMLCanvasElement>) => {
    const pen = event.currentTarget.getContext('2d')
    if (!pen) return
    event.currentTarget.setPointerCapture(event.pointerId)
    pen.lineWidth = 2.5
    pen.lineCap = 'round'
    pen.lineJoin = 'round'
    // Ink on paper, whatever the colours of the screen: the picture is kept.
    pen.strokeStyle = '#14304f'
    pen.beginPath()
    const from = point(event)
    line.current = { from, reach: 0 }
    pen.moveTo(...from)
    setDrawing(true)
  }
  const draw = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!drawing) return
    const pen = event.currentTarget.getContext('2d')
    const [x, y] = point(event)
    const { from, reach } = line.current
    line.current.reach = Math.max(reach, Math.hypot(x - from[0], y - from[1]))
    pen?.lineTo(x, y)
    pen?.stroke()
  }
  const end = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!drawing) return
    setDrawing(false)
    if (line.current.reach > (value === null ? shortest : 0)) {
      drawn.current = event.currentTarget.toDataURL('image/png')
      onChange(drawn.current)
    } else if (value === null) event.currentTarget.getContext('2d')?.clearRect(0, 0, width, height)
  }
  const typed = value?.startsWith('name:') ? value.slice(5) : null
  return (
    <Input.Wrapper id={id} label={label} withAsterisk={required} error={error} labelElement="div">
      <div className="cw-signature" data-error={error ? '' : undefined}>
        <canvas
          ref={canvas}
          width={width}
          height={height}
          hidden={typed !== null}
          onPointerDown={begin}
          onPointerMove={draw}
          onPointerUp={end}
          onPointerCancel={end}
          aria-hidden
        />
        {typed !== null && <span className="cw-signature-name">{typed}</span>}
        {value === null && !drawing && (
          <Text size="sm" className="cw-signature-hint" aria-hidden>
            {say('flow.signHere')}
          </Text>
        )}
      </div>
      <Group gap="xs" mt={6}>
        <Button
          id={`${id}-name`}
          size="compact-sm"
          variant="default"
          onClick={() => onChange(`name:${portal.user.name}`)}
        >
          {say('flow.signAs', { name: portal.user.name })}
        </Button>
        {value !== null && (
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(null)}>
            {say('flow.signAgain')}
          </Button>
        )}
        <Text size="xs" c="dimmed" role="status">
          {value === null ? '' : say('flow.signed')}
        </Text>
      </Group>
    </Input.Wrapper>
  )
}
