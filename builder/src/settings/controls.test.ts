import { editorSchema } from '@channelwright/runtime/definition/editor-schema.ts'
import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import { checkShape } from '@channelwright/runtime/definition/shape.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import { expect, test } from 'vitest'
import { walkSchema } from '../editor/schema-walk.ts'
import { type Control, type Setting, settingAt, settingsOf } from './controls.ts'

const flow = definitionKinds.find(({ name }) => name === 'flow')!
const schema = editorSchema(flow) as JsonObject & { properties: Record<string, JsonObject> }
const settings = settingsOf(schema.properties.settings!)
const view = editorSchema(definitionKinds.find(({ name }) => name === 'view')!)
const { schemas } = walkSchema(view, { type: 'table' }, [])
const grouping = ['group', 'measures'].flatMap((key) => settingAt(schemas, key) ?? [])

/** Every setting there is, below others too. */
const all = (of: readonly Setting[]): Setting[] => of.flatMap((one) => [one, ...below(one.control)])
function below(control: Control | null): Setting[] {
  if (control === null) return []
  if (control.type === 'group') return all(control.settings)
  if (control.type === 'either' || control.type === 'list')
    return control.ways.flatMap((way) => below(way.control))
  return []
}

test('every setting of a flow, and of the sums of a view, has an input, and a title in both languages', () => {
  expect(settings.map(({ key }) => key)).toEqual(
    Object.keys(schema.properties.settings!.properties as JsonObject),
  )
  expect(grouping.length).toBe(2)
  for (const { key, title, control } of all([...settings, ...grouping])) {
    expect(control.type, key).not.toBe('text')
    expect(title.en, key).not.toBe(key)
    expect(title.zh, key).toMatch(/[\u4e00-\u9fff]/)
  }
})

test('every choice reads as words in both languages', () => {
  const named = all([...settings, ...grouping]).flatMap(({ control }) =>
    control.type === 'choice'
      ? control.choices.map(({ value, title }) => [value, title] as const)
      : control.type === 'either' || (control.type === 'list' && control.ways.length > 1)
        ? control.ways.map(({ id, title }) => [id, title] as const)
        : [],
  )
  expect(named.length).toBeGreaterThan(25)
  for (const [value, title] of named) {
    expect(title.en).not.toBe(value)
    expect(title.zh, value).toMatch(/[\u4e00-\u9fff]/)
  }
})

test('what an input begins with fits the schema, apart from what somebody has to name', () => {
  const misfits = (value: JsonObject) =>
    checkShape(flow.schema, {
      ...{ kind: 'flow/1', key: 'f', 'x-id': 'f', title: { en: 'F', zh: 'F' }, object: 'o', edges: [] },
      trigger: { type: 'record', when: true },
      nodes: [
        { 'x-id': 'a', type: 'start', title: { en: 'A', zh: 'A' } },
        { 'x-id': 'b', type: 'end', title: { en: 'B', zh: 'B' } },
      ],
      settings: value,
    }).map(({ path }) => path)
  for (const { key, control } of settings) {
    if (control.type === 'group') expect(misfits({ [key]: control.begin }), key).toEqual([])
    if (control.type !== 'either') continue
    for (const way of control.ways) {
      const isEmpty = isJsonObject(way.begin) && Object.values(way.begin).some((one) => Array.isArray(one))
      expect(misfits({ [key]: way.begin }).length > 0, `${key} ${way.id}`).toBe(isEmpty)
      expect(control.ways.filter((one) => one.holds(way.begin))).toEqual([way])
    }
  }
})
