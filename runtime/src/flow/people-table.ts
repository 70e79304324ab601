import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { type PeopleQuestion, peopleOfLevels } from './people.ts'

/**
 * Answers questions from a table: `role:sales`, `user:ID`, `superiors:ID`, `department_heads:ID`, `group:KEY`,
 * `partner_contact:ID`, `admin`. Fields are read from the record, the applicant and named users answer for themselves.
 */
export function peopleFromTable(
  table: Readonly<Record<string, readonly string[]>>,
  record: JsonObject,
  applicant: string,
): (question: PeopleQuestion) => readonly string[] {
  const known = (key: string) => table[key] ?? []
  const one = (key: string, level: number | undefined) =>
    peopleOfLevels(
      known(key).map((user) => [user]),
      level,
      () => true,
    )
  return (question) => {
    switch (question.ask) {
      case 'applicant':
        return [applicant]
      case 'user':
        return table[`user:${question.user}`] ?? [question.user]
      case 'field': {
        const value = question.path
          .split('.')
          .reduce<Json | undefined>(
            (at, part) => (isJsonObject(at ?? null) ? (at as JsonObject)[part] : undefined),
            record,
          )
        return table[`field:${question.path}`] ?? (typeof value === 'string' ? [value] : [])
      }
      case 'role':
        return known(`role:${question.role}`)
      case 'group':
        return known(`group:${question.group}`)
      case 'superiors':
        return one(`superiors:${question.of}`, question.level)
      case 'department_heads':
        return one(`department_heads:${question.of}`, question.level)
      case 'partner_contact':
        return known(`partner_contact:${question.partner}`)
      case 'admin':
        return known('admin')
      case 'query':
        return known('query')
    }
  }
}
