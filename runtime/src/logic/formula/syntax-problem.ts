import type { SyntaxNode, Tree } from '@lezer/common'
import { formulaSyntax } from '../../errors/formula.ts'
import { FormulaProblem } from './problems.ts'

interface Words {
  readonly found: string
  readonly found_zh: string
  readonly advice: string
  readonly advice_zh: string
}

/** The first place where the parser did not find what it needed, in words; null where the text has the right shape. */
export function findSyntaxProblem(tree: Tree, text: string): FormulaProblem | null {
  let at = -1
  tree.iterate({
    enter: (node) => {
      if (at >= 0) return false
      if (node.type.isError) at = node.from
      return at < 0
    },
  })
  if (at < 0) return null
  const rest = text.slice(at)
  const from = at + (rest.length - rest.trimStart().length)
  const token = tokenAt(text, from)
  return new FormulaProblem(
    formulaSyntax,
    { from, to: from + token.length },
    { ...explain(tree, text, from, token) },
  )
}

/** What a reader takes for one word or sign. */
function tokenAt(text: string, from: number): string {
  return /^(?:[\p{L}\p{N}_$.]+|[=<>!]+|[\s\S]?)/u.exec(text.slice(from))?.[0] ?? ''
}

function explain(tree: Tree, text: string, from: number, token: string): Words {
  if (text.trim() === '') {
    return {
      found: 'it is empty',
      found_zh: '公式为空',
      advice: 'Write a field in square brackets, a number, a text in quotes, or a function.',
      advice_zh: '请写方括号中的字段、数字、引号中的文本或函数。',
    }
  }
  const open = openAt(tree, from)
  if (token === '') {
    if (open) {
      const close = { '(': ')', '（': ')', '{': '}', '｛': '}' }[open] ?? ')'
      return {
        found: `it ends, and a "${open}" is still open`,
        found_zh: `已到结尾,而"${open}"还未闭合`,
        advice: `Close it: "${close}".`,
        advice_zh: `请补上"${close}"。`,
      }
    }
    return {
      found: 'it ends where a value must follow',
      found_zh: '结尾处还缺一个值',
      advice: 'Write what comes after the last sign.',
      advice_zh: '请补写最后一个符号之后的内容。',
    }
  }
  if (token === '"' || token === '“') return unclosed('text', '文本', token === '“' ? '”' : '"')
  if (token === '[' || token === '【') return unclosed('field', '字段', token === '【' ? '】' : ']')
  const afterValue = endsWithValue(text.slice(0, from))
  if (afterValue && /^[\p{L}\p{N}_$"“[【({（｛]/u.test(token)) {
    return {
      found: `"${token}" follows a value without a sign between them`,
      found_zh: `"${token}"与前面的值之间缺少运算符`,
      advice: 'Put a sign such as + or =, or a comma between operands.',
      advice_zh: '请在两者之间写运算符(如 +、=)或逗号。',
    }
  }
  if (!afterValue) {
    return {
      found: `a value is missing before "${token}"`,
      found_zh: `"${token}"之前缺少一个值`,
      advice: 'Write a field, a number, a text in quotes or a function there.',
      advice_zh: '请在此处写字段、数字、引号中的文本或函数。',
    }
  }
  return {
    found: `"${token}" does not belong here`,
    found_zh: `"${token}"不应出现在此处`,
    advice: 'Remove it, or check the brackets before it.',
    advice_zh: '请删除它,或检查前面的括号。',
  }
}

function unclosed(what: string, whatZh: string, close: string): Words {
  return {
    found: `a ${what} begins and does not end`,
    found_zh: `${whatZh}有开头而没有结尾`,
    advice: `Close it: ${close}.`,
    advice_zh: `请补上 ${close}。`,
  }
}

function endsWithValue(before: string): boolean {
  return /[\p{L}\p{N}_$"”\]】)）}｝%％]\s*$/u.test(before)
}

/** The innermost bracket that is open at the place. */
function openAt(tree: Tree, at: number): string | null {
  for (let node: SyntaxNode | null = tree.resolveInner(at, -1); node; node = node.parent) {
    const closer = { Call: 'Close', Parenthesised: 'Close', List: 'BraceClose', Group: 'BraceClose' }[
      node.name
    ]
    if (closer && !node.getChild(closer)) return closer === 'Close' ? '(' : '{'
  }
  return null
}
