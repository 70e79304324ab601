import type { FieldWidgetProps } from '../face.tsx'
import { TextFieldInput } from '../text-input.tsx'

export function UrlWidget(props: FieldWidgetProps) {
  return (
    <TextFieldInput
      {...props}
      type="url"
      inputMode="url"
      placeholder={props.placeholder ?? 'https://'}
      onBlur={() => {
        // People write "example.com"; the stored value needs its scheme.
        if (typeof props.value === 'string' && /^[\w-]+(\.[\w-]+)+(\/|$)/.test(props.value)) {
          props.onChange(`https://${props.value}`)
        }
        props.onBlur?.()
      }}
    />
  )
}
