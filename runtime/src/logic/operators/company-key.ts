import { defineOperator } from '../operator.ts'
import { str, withNullable } from '../rule-type.ts'
import { normaliseCompanyName } from './shared/company-name.ts'
import { okOf, strict } from './shared/sql.ts'
import { reportType } from './shared/typing.ts'

export const companyKey = defineOperator({
  name: 'company_key',
  level: 'V',
  group: 'text',
  title: { en: 'company key', zh: '公司查重键' },
  describe: {
    en: 'A company name without what people write differently: width, traditional characters, case, spaces, place and legal-form words. For finding duplicates. Empty stays empty.',
    zh: '去掉公司名称中书写习惯差异(全半角、繁简体、大小写、空格、地名、组织形式)后的文本,用于查重。空值仍为空。',
  },
  args: [{ name: 'name', title: { en: 'company name', zh: '公司名称' }, kind: 'value' }],
  type: (call) => {
    const [name] = call.args
    if (name!.type.t === 'str') return withNullable(str, name!.type.nullable)
    reportType(call, name!, { en: 'a text', zh: '文本' })
    return null
  },
  evaluate: (call) => {
    const name = call.arg(0)
    return (frame) => {
      const text = name(frame)
      return text === null ? null : normaliseCompanyName(text as string)
    }
  },
  sql: (call) => {
    const [piece] = call.args
    const text = `${call.platform('cw_company_key')}(${piece!.text})`
    const nullable = call.node.args[0]!.type.nullable
    return piece!.fails && nullable
      ? { text, fails: true, ok: okOf(piece!, true), simple: false }
      : strict(text, [piece!])
  },
  explain: { en: 'company key: {out}', zh: '查重键:{out}' },
})
