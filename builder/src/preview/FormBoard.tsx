import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import { withObject } from '@channelwright/runtime/definition/find-uses.ts'
import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { FormView } from '@channelwright/runtime/react/form/FormView.tsx'
import { Paper } from '@mantine/core'
import { type ReactNode, useMemo } from 'react'
import { PreviewStage } from './PreviewStage.tsx'
import { sampleRecord } from './sample-values.ts'

interface Props {
  readonly form: FormDefinition
  readonly object: ObjectDefinition
  readonly set: DefinitionSet
  /** In place of the button that would send it; default the form's own, which sends nothing. */
  readonly actions?: () => ReactNode
  readonly onChange?: (values: JsonObject) => void
}

/** A form drawn and ruled by the runtime; references look into the real records, nothing is sent. */
export function FormBoard({ form, object, set, actions, onChange }: Props) {
  const definitions = useMemo(() => withObject(set, object), [set, object])
  return (
    <Paper p="md">
      <PreviewStage set={definitions}>
        {({ api, portal, today }) => (
          <FormView
            // Over a stored record the form begins with its values.
            key={form.purpose}
            form={form}
            object={object}
            definitions={definitions}
            actor={{
              id: portal.user.id,
              partner: portal.user.partner?.id ?? null,
              partners: portal.user.partner ? [portal.user.partner.id] : [],
              roles: portal.user.roles.map((role) => role.key),
            }}
            readRecord={async (key, id) => (await api.readRecord(key, id)).record as unknown as JsonObject}
            {...(form.purpose === 'edit' || form.purpose === 'task'
              ? { record: sampleRecord(object, 0, today) }
              : {})}
            {...(actions ? { actions } : {})}
            {...(onChange ? { onChange } : {})}
          />
        )}
      </PreviewStage>
    </Paper>
  )
}
