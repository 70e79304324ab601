import type { Release } from '@channelwright/runtime/definition/release.ts'

/**
 * The owner field of an object, when all that these roles may read of it is what their own organisations own: every
 * such grant says `{"in": [{"var": <owner>}, {"var": "$user.partners"}]}`. Null otherwise.
 *
 * The policies enforce it in any case. A list that also says so itself, with the organisations as bound values, lets
 * Postgres see how few rows these are: behind the sub-select of a policy it takes them for a share of the table, and
 * walks all of it in the order asked for until a page is full.
 */
export function ownedOnly(release: Release, roles: readonly string[], object: string): string | null {
  const owner = release.objects.get(object)?.owner
  if (!owner) return null
  const own = JSON.stringify({ in: [{ var: owner }, { var: '$user.partners' }] })
  const rules = roles
    .flatMap((role) => release.roles.get(role)?.grants ?? [])
    .flatMap((grant) => release.grants.get(grant)?.objects?.[object]?.read ?? [])
    .map((read) => JSON.stringify(read.rows))
  return rules.length && rules.every((rule) => rule === own) ? owner : null
}
