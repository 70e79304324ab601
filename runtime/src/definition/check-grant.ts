import * as errors from '../errors/definitions.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { GrantDefinition } from './grant.ts'
import { Report, systemFields, yesOrNo } from './report.ts'
import { recordScope } from './scopes.ts'

/** Everything the grant names exists; its row rules can become policies of Postgres. */
export function checkGrant(grant: GrantDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  for (const [key, access] of Object.entries(grant.objects ?? {})) {
    const path = `/objects/${key}`
    const object = report.find('object', key, path)
    if (!object) continue
    const fields = new Set([...Object.keys(object.schema.properties), ...systemFields])
    for (const action of ['read', 'create', 'update', 'delete'] as const) {
      const given = access[action]
      if (!given) continue
      if (given.rows !== true)
        report.rule(given.rows, recordScope(set, key), `${path}/${action}/rows`, 'V', yesOrNo)
      if (!('fields' in given)) continue
      given.fields.forEach((field, at) => {
        if (field !== '*')
          report.oneOf(errors.danglingField, `${path}/${action}/fields/${at}`, field, fields, { object: key })
      })
    }
  }
  grant.views?.forEach((key, at) => {
    report.find('view', key, `/views/${at}`)
  })
  grant.forms?.forEach((key, at) => {
    report.find('form', key, `/forms/${at}`)
  })
  for (const key of Object.keys(grant.flows ?? {})) report.find('flow', key, `/flows/${key}`)
  for (const key of Object.keys(grant.plans ?? {})) report.find('plan', key, `/plans/${key}`)
  const titled = [...set.grants.values()].some((each) => each.role === grant.role && each.key === each.role)
  if (!titled && !set.incomplete?.has(`grant:${grant.role}`)) {
    report.add(errors.roleUntitled, '/role', { name: grant.role }, 'warning')
  }
  return report.diagnostics
}
