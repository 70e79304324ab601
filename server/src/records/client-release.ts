import { createHash } from 'node:crypto'
import type {
  ClientForm,
  ClientObject,
  ClientRelease,
  FormReply,
  PortalReply,
} from '@channelwright/runtime/api/records.ts'
import { calledBy } from '@channelwright/runtime/definition/called-by.ts'
import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { ViewDefinition } from '@channelwright/runtime/definition/view.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { formUnknown, viewUnknown } from '@channelwright/runtime/errors/records.ts'
import { platformRightsOf } from '../access/platform-rights.ts'
import type { Unit } from '../db/unit.ts'
import { keepsMail } from '../mail/mailer.ts'
import type { Actor, ServedRelease } from '../services.ts'
import { validatorUrl } from './form-validator.ts'
import { grantsOf, rightsOn } from './object-rights.ts'
import { tableOf } from './record-table.ts'
import { seenTable } from './seen-table.ts'

type Roles = Pick<Actor, 'roles'>

/** One object as these roles may know it; null for one that they may neither read nor create. */
export function clientObject(served: ServedRelease, actor: Roles, key: string): ClientObject | null {
  const rights = rightsOn(served, actor, key)
  if (!rights.read && !rights.create) return null
  const known = new Set([...(rights.read ?? []), ...(rights.create ?? []), ...(rights.update ?? [])])
  const { object } = tableOf(served, key)
  return {
    definition: cutObject(object, known),
    read: [...(rights.read ?? [])],
    create: rights.create && [...rights.create],
    update: rights.update && [...rights.update],
    delete: rights.delete,
    export: rights.export,
  }
}

/** Without the fields that nobody asked may know, and without what only the database needs. */
function cutObject(object: ObjectDefinition, known: ReadonlySet<string>): ObjectDefinition {
  const { unique: _unique, exclusive: _exclusive, indexes: _indexes, computed, lifecycle, ...rest } = object
  const pick = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => known.has(key)))
  return {
    ...rest,
    schema: {
      ...object.schema,
      properties: pick(object.schema.properties),
      required: (object.schema.required ?? []).filter((key) => known.has(key)),
    },
    ...(computed ? { computed: pick(computed) } : {}),
    ...(lifecycle && known.has(lifecycle.field) ? { lifecycle } : {}),
  }
}

/** Forms that the roles may use: granted, over an object that they may write. */
function grantedForms(served: ServedRelease, actor: Roles): FormDefinition[] {
  const keys = new Set(grantsOf(served, actor.roles).flatMap((grant) => grant.forms ?? []))
  return [...keys].flatMap((key) => served.release.forms.get(key) ?? [])
}

/** The form, if one of the grants names it. Throws FORM_UNKNOWN. */
export function findForm(served: ServedRelease, actor: Roles, key: string): FormDefinition {
  const form = grantedForms(served, actor).find((one) => one.key === key)
  if (!form) throw new Refusal(formUnknown, { form: key.slice(0, 60) })
  return form
}

export function grantedViews(served: ServedRelease, actor: Roles): ViewDefinition[] {
  const keys = new Set(grantsOf(served, actor.roles).flatMap((grant) => grant.views ?? []))
  return [...keys].flatMap((key) => served.release.views.get(key) ?? [])
}

/** The view, if one of the grants names it. Throws VIEW_UNKNOWN. */
export function findView(served: ServedRelease, actor: Roles, key: string): ViewDefinition {
  const view = grantedViews(served, actor).find((one) => one.key === key)
  if (!view) throw new Refusal(viewUnknown, { view: key.slice(0, 60) })
  return view
}

export function readForm(served: ServedRelease, actor: Roles, key: string): FormReply {
  const form = findForm(served, actor, key)
  const object = clientObject(served, actor, form.object)
  if (!object) throw new Refusal(formUnknown, { form: key.slice(0, 60) })
  return { ...clientForm(served, form), object }
}

function clientForm(served: ServedRelease, form: FormDefinition): ClientForm {
  return { definition: form, validator: validatorUrl(served, form) }
}

/** All that a browser of these roles needs to draw, as text with its tag; made once per release and set of roles. */
export function clientRelease(
  served: ServedRelease,
  actor: Roles,
): { readonly text: string; readonly etag: string } {
  const address = `records/client-release/${[...actor.roles].sort().join(',')}`
  const kept = served.cache.get(address) as { text: string; etag: string } | undefined
  if (kept) return kept
  const text = JSON.stringify(buildRelease(served, actor))
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  const made = { text, etag }
  served.cache.set(address, made)
  return made
}

function buildRelease(served: ServedRelease, actor: Roles): ClientRelease {
  const { release } = served
  const objects: Record<string, ClientObject> = {}
  for (const key of release.objects.keys()) {
    const object = clientObject(served, actor, key)
    if (object) objects[key] = object
  }
  const grants = grantsOf(served, actor.roles)
  const named = (pick: (grant: (typeof grants)[number]) => object | undefined) =>
    new Set(grants.flatMap((grant) => Object.keys(pick(grant) ?? {})))
  const flows = [...named((grant) => grant.flows)].flatMap((key) => release.flows.get(key) ?? [])
  const plans = [...named((grant) => grant.plans)].flatMap((key) => release.plans.get(key) ?? [])
  const forms = grantedForms(served, actor).filter((form) => objects[form.object])
  const called = calledBy([objects, forms], release)
  return {
    number: served.number,
    objects,
    forms: Object.fromEntries(forms.map((form) => [form.key, clientForm(served, form)])),
    rules: Object.fromEntries(called.rules.map((rule) => [rule.key, rule])),
    calendars: Object.fromEntries(called.calendars.map((calendar) => [calendar.key, calendar])),
    views: Object.fromEntries(grantedViews(served, actor).map((view) => [view.key, view])),
    flows: Object.fromEntries(
      flows.map(({ key, title, object, settings }) => [
        key,
        { title, object, ...(settings?.amount === undefined ? {} : { amount: settings.amount }) },
      ]),
    ),
    plans: Object.fromEntries(
      plans.map((plan) => [plan.key, { title: plan.title, currency: plan.currency }]),
    ),
  }
}

/** Who the actor is and where they may go. */
export async function readPortal(unit: Unit): Promise<PortalReply> {
  const { served, actor } = unit
  const { workspace, release } = served
  const menu = grantedViews(served, actor)
    .filter((view) => view.menu)
    .sort((a, b) => compareText(a.menu!.order, b.menu!.order) || compareText(a.key, b.key))
  const home = menu.find((view) => view.type === 'home')
  const create = grantedForms(served, actor).filter(
    (form) => form.purpose === 'create' && rightsOn(served, actor, form.object).create,
  )
  return {
    workspace: {
      key: workspace.key,
      title: workspace.title,
      timeZone: workspace.timeZone,
      demo: workspace.demo,
    },
    release: served.number,
    user: {
      id: actor.user,
      name: actor.name,
      email: actor.email,
      roles: actor.roles.flatMap((key) => {
        const role = release.roles.get(key)
        return role ? [{ key, title: role.title }] : []
      }),
      partner:
        actor.partner === null
          ? null
          : { id: actor.partner, title: await readPartnerTitle(unit, actor.partner) },
    },
    home: home?.key ?? null,
    menu: menu.map((view) => ({
      view: view.key,
      type: view.type,
      object: view.object ?? null,
      title: view.title,
      icon: view.menu?.icon ?? null,
    })),
    create: create.map((form) => ({ form: form.key, object: form.object, title: form.title })),
    rights: [...platformRightsOf(release, actor.roles)],
    kept_mail: keepsMail(unit.services.config),
  }
}

async function readPartnerTitle(unit: Unit, id: string): Promise<string | null> {
  const { party } = unit.served.release
  if (party === null) return null
  const { from, object, fields } = seenTable(unit, party)
  const display = fields.get(object.display)
  if (!display?.column || !rightsOn(unit.served, unit.actor, party).read?.has(object.display)) return null
  const [row] = await unit.query<{ title: string | null }>(
    `SELECT t.${display.column}::text AS title FROM ${from} t WHERE t.id = $1 AND t.deleted_at IS NULL`,
    [id],
  )
  return row?.title ?? null
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
