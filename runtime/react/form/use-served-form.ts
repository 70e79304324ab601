import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RuleDefinitions } from '../../src/definition/definition-set.ts'
import type { FormDefinition } from '../../src/definition/form.ts'
import type { JsonObject } from '../../src/json.ts'
import { useWorkspace } from '../workspace.tsx'
import { type FormActor, objectsOnly } from './engine.ts'
import { loadServedValidator } from './served-validator.ts'
import type { CheckValue } from './validator-type.ts'

/** What every form of the release in force stands on: its reader, the objects around it and the compiled check. */
export interface ServedForm {
  readonly actor: FormActor
  readonly definitions: RuleDefinitions
  /** Null where it could not be loaded: the schema is interpreted. */
  readonly check: CheckValue | null
  readonly isPending: boolean
  readRecord(object: string, id: string): Promise<JsonObject>
}

export function useServedForm(
  form: { readonly definition: FormDefinition; readonly validator: string } | undefined,
): ServedForm {
  const { api, portal, release } = useWorkspace()
  const check = useQuery({
    queryKey: ['validator', form?.validator],
    enabled: form !== undefined,
    queryFn: () => loadServedValidator(form!.validator),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  })
  const definitions = useMemo(
    () =>
      objectsOnly(
        Object.values(release.objects).map((one) => one.definition),
        release,
      ),
    [release],
  )
  const actor = useMemo(
    () => ({
      id: portal.user.id,
      partner: portal.user.partner?.id ?? null,
      partners: portal.user.partner ? [portal.user.partner.id] : [],
      roles: portal.user.roles.map((role) => role.key),
    }),
    [portal],
  )
  return {
    actor,
    definitions,
    check: check.data ?? null,
    isPending: form !== undefined && check.isPending,
    readRecord: async (object, id) => (await api!.readRecord(object, id)).record as unknown as JsonObject,
  }
}
