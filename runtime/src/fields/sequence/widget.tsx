import type { FieldWidgetProps } from '../face.tsx'
import { useWords } from '../face.tsx'
import { TextFieldInput } from '../text-input.tsx'

/** Shown, never typed: the platform gives the number when the record is made. */
export function SequenceWidget(props: FieldWidgetProps) {
  const say = useWords()
  return (
    <TextFieldInput
      {...props}
      readonly
      value={props.value ?? say({ en: 'Given when saved', zh: '保存后自动生成' })}
    />
  )
}
