import { defineOperator } from '../operator.ts'
import { str, withNullable } from '../rule-type.ts'
import { normaliseCompanyName } from './shared/company-name.ts'
import { reportType } from './shared/typing.ts'

export const companyKey = defineOperator({
  name: 'company_key',
  level: 'F',
  group: 'text',
  title: { en: 'company key', zh: '公司查重键' },
  describe: {
    en: 'A company name without what people write differently: width, case, spaces, place and legal-form words. For finding duplicates. Empty stays empty.',
    zh: '去掉公司名称中书写习惯差异(全半角、大小写、空格、地名、组织形式)后的文本,用于查重。空值仍为空。',
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
  explain: { en: 'company key: {out}', zh: '查重键:{out}' },
})
