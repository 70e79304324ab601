import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '@channelwright/runtime/json.ts'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'

const Name = Type.String({ pattern: '^[a-z][a-z0-9_]*$' })
const Text = Type.Object({ en: Type.String(), zh: Type.String() }, { additionalProperties: false })

/**
 * One `demo/*.json` of a pack. Texts that begin with `@` name users and records. Days and moments count from `base`;
 * loading moves them all so that `base` is today.
 */
const DemoFile = Type.Object(
  {
    base: Type.String({ format: 'date' }),
    users: Type.Optional(
      Type.Array(
        Type.Object(
          {
            as: Name,
            name: Type.String(),
            email: Type.String(),
            roles: Type.Array(Type.String()),
            /** Name of the organisation's record. */
            partner: Type.Optional(Name),
            locale: Type.Enum(['en', 'zh']),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    /** Users one can sign in as. */
    accounts: Type.Optional(
      Type.Array(Type.Object({ user: Name, role: Text }, { additionalProperties: false })),
    ),
    tables: Type.Array(
      Type.Object(
        {
          object: Type.String(),
          /**
           * Field keys, and what is no field: `$as` name of the record, `$by` who made it, `$at` when, `$start` whether
           * its flows begin, `$steps` later writes as `[at, by, {field: value}]`. A row with `$of` makes nothing: its
           * `$steps` are writes to the record of that name, when what they name is there.
           */
          fields: Type.Array(Type.String()),
          rows: Type.Array(Type.Array(Type.Unknown())),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type DemoFile = Static<typeof DemoFile>

export interface DemoRow {
  readonly as: string | null
  readonly of: string | null
  readonly by: string | null
  readonly at: string
  readonly start: boolean
  readonly values: Readonly<Record<string, Json>>
  readonly steps: readonly (readonly [at: string, by: string, values: Record<string, Json>])[]
}

/** Demo files of the packs in a folder, in the order of the packs' needs as given. Throws when one is malformed. */
export async function readDemoFiles(folder: string, packs: readonly string[]): Promise<DemoFile[]> {
  const files: DemoFile[] = []
  for (const pack of packs) {
    const demo = join(folder, pack, 'demo')
    const isThere = await lstat(demo).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isThere) continue
    for (const name of (await readdir(demo)).filter((one) => one.endsWith('.json')).sort()) {
      const data: unknown = JSON.parse(await readFile(join(demo, name), 'utf8'))
      if (!Value.Check(DemoFile, data)) {
        const [first] = Value.Errors(DemoFile, data)
        throw new Error(
          `${pack}/demo/${name} at "${first?.instancePath ?? ''}": ${first?.message ?? 'malformed'}`,
        )
      }
      files.push(data)
    }
  }
  return files
}

/** A row of a table by the names of its columns. */
export function readDemoRow(fields: readonly string[], row: readonly unknown[], base: string): DemoRow {
  const all = Object.fromEntries(fields.map((field, index) => [field, (row[index] ?? null) as Json]))
  const values = Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('$')))
  return {
    as: typeof all.$as === 'string' ? all.$as : null,
    of: typeof all.$of === 'string' ? all.$of : null,
    by: typeof all.$by === 'string' ? all.$by : null,
    at: typeof all.$at === 'string' ? all.$at : `${base}T00:00:00.000Z`,
    start: all.$start === true,
    values,
    steps: (all.$steps ?? []) as unknown as DemoRow['steps'],
  }
}

/** Days from `base` to `today`. */
export function daysBetween(base: string, today: string): number {
  return Math.round((Date.parse(`${today}T00:00:00Z`) - Date.parse(`${base}T00:00:00Z`)) / 86_400_000)
}

const date = /^\d{4}-\d{2}-\d{2}$/

/** A day, a moment, or a period, moved by whole days; everything else as it is. */
export function moveDays(value: Json, days: number): Json {
  if (typeof value === 'string') {
    if (date.test(value)) return shift(`${value}T00:00:00.000Z`, days).slice(0, 10)
    return shift(value, days)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, inner === null ? null : moveDays(inner, days)]),
  )
}

function shift(instant: string, days: number): string {
  return new Date(Date.parse(instant) + days * 86_400_000).toISOString()
}
