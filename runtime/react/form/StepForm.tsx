import { Stack, Text, Title } from '@mantine/core'
import RjsfForm from '@rjsf/core'
import { Theme } from '@rjsf/mantine'
import type {
  FieldProps,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
  UiSchema,
  ValidatorType,
} from '@rjsf/utils'
import { useMemo } from 'react'
import type { FieldDefinition, ObjectDefinition } from '../../src/definition/object.ts'
import { fieldTypeOf, linesOf } from '../../src/fields/index.ts'
import { choicesOf, titleOf } from '../../src/fields/shared.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'
import { widgetOf } from '../fields/widgets.tsx'
import { useSpeech } from '../words/i18n.ts'
import { fieldsOf } from './layout.ts'
import { useStep } from './step-context.ts'
import type { FormData } from './validator-type.ts'

/** The address of an input in the page, for labels and for jumping to it. */
export const inputId = (prefix: string, field: string) => `${prefix}-${field}`

/** One field of a form: rjsf brings the value, the field type its input, the rules its state. */
function FieldInput(props: FieldProps) {
  const { locale } = useSpeech()
  const { form, object, idPrefix, stored, isRequired, isReadonly, problems, titles, onLeave } = useStep()
  const key = props.name
  const known = object.schema.properties[key] as FieldDefinition | undefined
  if (!known) return null
  const field = onlyMoves(known, key, object, stored)
  const own = form.fields?.[key]
  const Widget = widgetOf(field['x-field'])
  const found = problems(key)
  // Lines tell at each cell what is wrong with it; any other input tells all of it in one place.
  const hasParts = linesOf(field) !== undefined
  const description = locale === 'zh' ? (field['x-description']?.zh ?? field.description) : field.description
  return (
    <Widget
      id={inputId(idPrefix, key)}
      field={field}
      value={props.formData as Json | undefined}
      onChange={(value) => props.onChange(value, props.fieldPathId.path)}
      onBlur={() => onLeave(key)}
      label={own?.title?.[locale] ?? titleOf(field, locale)}
      help={own?.help?.[locale] ?? description}
      placeholder={own?.placeholder?.[locale]}
      required={isRequired(key)}
      readonly={isReadonly(key) || props.readonly === true}
      errors={found.filter((one) => !hasParts || one.path === '').map((one) => one.message)}
      below={hasParts ? found.filter((one) => one.path !== '') : undefined}
      titles={titles}
    />
  )
}

/** A state field offers the state it is in and those that a person may move it to. */
function onlyMoves(
  field: FieldDefinition,
  key: string,
  object: ObjectDefinition,
  stored: JsonObject | null,
): FieldDefinition {
  const { lifecycle } = object
  const now = stored?.[key]
  if (lifecycle?.field !== key || typeof now !== 'string') return field
  const moves = lifecycle.moves.filter((move) => move.from.includes(now) && move.by !== 'flow')
  const open = new Set([now, ...moves.map((move) => move.to)])
  return { ...field, oneOf: choicesOf(field).filter((choice) => open.has(choice.const)) }
}

function Rows({ properties }: ObjectFieldTemplateProps) {
  const { locale } = useSpeech()
  const { step } = useStep()
  const contents = new Map(properties.map((property) => [property.name, property.content]))
  return (
    <Stack gap="xl">
      {step.sections.map((section) => (
        <Stack gap="md" key={section.id} component="section">
          {(section.title || section.help) && (
            <div>
              {section.title && (
                <Title order={3} size="h4">
                  {section.title[locale]}
                </Title>
              )}
              {section.help && (
                <Text size="sm" c="dimmed" mt={2}>
                  {section.help[locale]}
                </Text>
              )}
            </div>
          )}
          {section.rows.map((row) => (
            <div
              key={row.join()}
              className="cw-form-row"
              style={{ ['--cw-columns' as string]: Math.max(row.length, 1) }}
            >
              {row.map((key) => (
                <div key={key} style={{ minWidth: 0 }}>
                  {contents.get(key)}
                </div>
              ))}
            </div>
          ))}
        </Stack>
      ))}
    </Stack>
  )
}

/** Labels, help and errors belong to the inputs themselves. */
const Bare = ({ children, hidden }: FieldTemplateProps) => (hidden ? null : children)

const ownField = 'channelwright'
const fields = { ...Theme.fields, [ownField]: FieldInput }
const templates = { ...Theme.templates, FieldTemplate: Bare, ObjectFieldTemplate: Rows }

/**
 * The inputs of one step, as an rjsf form over the step's slice of the schema. What the form's raw `uiSchema` says of
 * a field takes the place of the field type's own input.
 */
export function StepForm({
  values,
  onChange,
  validator,
}: {
  values: JsonObject
  onChange(values: JsonObject): void
  validator: ValidatorType<FormData, RJSFSchema>
}) {
  const { locale } = useSpeech()
  const { form, object, step, idPrefix } = useStep()
  const shown = fieldsOf(step).join()
  const { schema, uiSchema } = useMemo(() => {
    const properties: Record<string, RJSFSchema> = {}
    const ui: UiSchema<FormData, RJSFSchema> = {}
    for (const key of shown.split(',').filter(Boolean)) {
      const field = object.schema.properties[key] as FieldDefinition
      const raw = form.uiSchema?.[key]
      const face = fieldTypeOf(field).face(field, locale)
      if (isJsonObject(raw) && ('ui:widget' in raw || 'ui:field' in raw)) {
        properties[key] = face.schema as RJSFSchema
        ui[key] = { ...face.uiSchema, ...raw }
      } else {
        // The type alone: values are filled by rules and checked by the compiled schema, not by rjsf.
        properties[key] = { type: face.schema.type } as RJSFSchema
        ui[key] = { ...(isJsonObject(raw) ? raw : {}), 'ui:field': ownField }
      }
    }
    return { schema: { type: 'object', properties } as RJSFSchema, uiSchema: ui }
  }, [shown, object, form, locale])

  return (
    <RjsfForm<FormData, RJSFSchema>
      tagName="div"
      schema={schema}
      uiSchema={uiSchema}
      formData={values}
      validator={validator}
      idPrefix={idPrefix}
      fields={fields}
      widgets={Theme.widgets}
      templates={templates}
      noValidate
      showErrorList={false}
      experimental_defaultFormStateBehavior={{
        emptyObjectFields: 'skipDefaults',
        arrayMinItems: { populate: 'never' },
      }}
      onChange={(event) => onChange((event.formData ?? {}) as JsonObject)}
    >
      {/* The buttons stand outside: rjsf brings its own when it has no children. */}
      <span hidden />
    </RjsfForm>
  )
}
