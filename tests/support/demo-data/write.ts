import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const templates = fileURLToPath(new URL('../../../templates/', import.meta.url))

export function write(
  pack: string,
  data: Record<string, unknown>,
  tables: readonly { object: string; fields: readonly string[]; rows: readonly unknown[][] }[],
) {
  const line = (value: unknown) => JSON.stringify(value)
  const body = tables
    .map(
      (table) =>
        `    {\n      "object": ${line(table.object)},\n      "fields": ${line(table.fields)},\n      "rows": [\n${table.rows.map((row) => `        ${line(row)}`).join(',\n')}\n      ]\n    }`,
    )
    .join(',\n')
  const head = Object.entries(data)
    .map(([key, value]) =>
      Array.isArray(value)
        ? `  ${line(key)}: [\n${value.map((item) => `    ${line(item)}`).join(',\n')}\n  ]`
        : `  ${line(key)}: ${line(value)}`,
    )
    .join(',\n')
  mkdirSync(`${templates}${pack}/demo`, { recursive: true })
  writeFileSync(`${templates}${pack}/demo/data.json`, `{\n${head},\n  "tables": [\n${body}\n  ]\n}\n`)
}
