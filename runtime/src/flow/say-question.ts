import type { DefinitionSet } from '../definition/definition-set.ts'
import { formatText, type Locale, locales, type Text } from '../text.ts'
import { titleOfPath } from './explain-edge.ts'
import type { PeopleQuestion } from './people.ts'

const sentences: Readonly<Record<PeopleQuestion['ask'], Text>> = {
  user: { en: 'named by the flow: {who}', zh: '流程指定:{who}' },
  applicant: { en: 'the applicant', zh: '申请人' },
  field: { en: 'the field "{what}" of the record', zh: '记录字段“{what}”' },
  role: { en: 'the role "{what}"', zh: '角色“{what}”' },
  admin: { en: 'an administrator of flows, since nobody else was found', zh: '流程管理员(未找到其他人)' },
  superiors: { en: 'above {who}', zh: '{who}的上级' },
  department_heads: { en: 'head of the department of {who}', zh: '{who}的部门负责人' },
  group: { en: 'the group "{what}"', zh: '工作组“{what}”' },
  partner_contact: { en: 'a contact of the partner', zh: '伙伴联系人' },
  query: { en: 'found by a rule over people', zh: '按人员规则查找' },
}
const above: Text = { en: '{said} ({level} levels up)', zh: '{said}(上 {level} 级)' }
const within: Text = { en: '{said}, within {scope}', zh: '{said},范围:{scope}' }

/** Why somebody is asked: the question that named them, in words. */
export function sayQuestion(
  question: PeopleQuestion,
  object: string,
  set: DefinitionSet,
  nameOf: (user: string) => string | undefined,
): Text {
  const say = (locale: Locale) => {
    const said = formatText(sentences[question.ask], locale, {
      who: whoOf(question, nameOf),
      what: whatOf(question, object, set, locale),
    })
    if ('level' in question && question.level !== undefined && question.level > 1)
      return formatText(above, locale, { said, level: levelsUp(question) })
    if (question.ask !== 'role' || question.scope === undefined) return said
    const scope = Object.entries(question.scope).map(([field, value]) => `${field} = ${String(value)}`)
    return formatText(within, locale, { said, scope: scope.join(', ') })
  }
  return Object.fromEntries(locales.map((locale) => [locale, say(locale)])) as Text
}

/** From a person; heads from their department, which is a level of its own. */
function levelsUp({ ask, level = 1 }: Extract<PeopleQuestion, { level?: number }>): number {
  return ask === 'superiors' ? level : level - 1
}

function whoOf(question: PeopleQuestion, nameOf: (user: string) => string | undefined): string {
  const user = 'of' in question ? question.of : question.ask === 'user' ? question.user : ''
  return nameOf(user) ?? user
}

function whatOf(question: PeopleQuestion, object: string, set: DefinitionSet, locale: Locale): string {
  switch (question.ask) {
    case 'field':
      return titleOfPath(question.path, object, set, locale)
    case 'role':
      return set.grants.get(question.role)?.title[locale] ?? question.role
    case 'group':
      return question.group
    default:
      return ''
  }
}
