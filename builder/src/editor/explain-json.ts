import { hoverTooltip } from '@codemirror/view'
import type { EditorSight } from './complete-json.ts'
import { locateNode, readLoosely } from './json-position.ts'
import { namesAt } from './names.ts'
import { operatorHelp, pathHelp, scopeAt } from './rule-help.ts'
import { describe, type Path, shapeTitle, walkSchema } from './schema-walk.ts'

/** What stands under the pointer: the meaning of a key, an operator, a path, a name. */
export function explainDefinition(sight: EditorSight) {
  return hoverTooltip((view, pos) => {
    const text = view.state.doc.toString()
    const found = locateNode(text, pos)
    if (!found) return null
    const lines = help(sight, text, found.path, found.isKey, found.value)
    if (lines.length === 0) return null
    return {
      pos: found.from,
      end: found.to,
      above: true,
      create() {
        const dom = document.createElement('div')
        dom.className = 'cw-editor-help'
        lines.forEach((line, at) => {
          const part = document.createElement(at === 0 ? 'strong' : 'div')
          part.textContent = line
          dom.append(part)
        })
        return { dom }
      },
    }
  })
}

function help(sight: EditorSight, text: string, path: Path, isKey: boolean, value: unknown): string[] {
  const { locale, set, kind, schema } = sight
  const whole = readLoosely(text)
  const place = walkSchema(schema, whole, path)
  const inRule = place.ruleAt !== null && place.ruleAt < path.length
  if (inRule) {
    const operator = isKey ? operatorHelp(String(path.at(-1))) : null
    if (operator) return [operator.title[locale], ...operator.more[locale].split('\n')]
    const rules = scopeAt(kind, whole, path, set)
    const isPath = path.at(-1) === 'var' || path.at(-2) === 'var'
    const found = rules && isPath && typeof value === 'string' ? pathHelp(value, rules, set) : null
    return found ? [found.title[locale], found.more[locale]] : []
  }
  if (typeof value === 'string' && !isKey) {
    const name = namesAt(kind, { set, text: whole, path }, false).find((one) => one.word === value)
    if (name) return [name.title[locale]]
    const shape = shapeTitle(walkSchema(schema, whole, path.slice(0, -1)).schemas, String(path.at(-1)), value)
    if (shape) return [shape[locale]]
  }
  const name = isKey
    ? namesAt(kind, { set, text: whole, path }, true).find((one) => one.word === path.at(-1))
    : undefined
  const said = place.schemas.map((one) => describe(one, locale)).filter(Boolean)
  return [...new Set([...(name ? [name.title[locale]] : []), ...said])].slice(0, 3)
}
