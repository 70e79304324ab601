import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { describe, expect, test } from 'vitest'
import { parseBody } from './read-body.ts'

const parse = (text: string) => parseBody(new TextEncoder().encode(text))
function refusalOf(work: () => unknown): Refusal {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a body', () => {
  test('of plain JSON comes through as it is, exact numbers as text', () => {
    expect(parse('{"a":"1234567890123456789.01","名":["值",null,true,1]}')).toEqual({
      a: '1234567890123456789.01',
      名: ['值', null, true, 1],
    })
  })

  test('that is no JSON is refused with line and column', () => {
    expect(refusalOf(() => parse('{\n  "a": 1,\n  "b": }'))).toMatchObject({
      code: 'BODY_NOT_JSON',
      values: { line: 3, column: 8 },
    })
    for (const text of ['NaN', '{"a":Infinity}', "{'a':1}", '{"a":1,}', '{"a":1}//x', ''])
      expect(refusalOf(() => parse(text)).code).toBe('BODY_NOT_JSON')
  })

  test.each([
    ['{"a":{"__proto__":{"x":1}}}', '/a/__proto__', 'UNSAFE_KEY'],
    ['{"__pro\\u0074o__":1}', '/__proto__', 'UNSAFE_KEY'],
    ['[{"constructor":1}]', '/0/constructor', 'UNSAFE_KEY'],
    ['{"a/b":{"prototype":1}}', '/a~1b/prototype', 'UNSAFE_KEY'],
    ['{"a":"x\\u0000y"}', '/a', 'NULL_CHARACTER'],
    ['{"a":["\\ud83d"]}', '/a/0', 'HALF_CHARACTER'],
    ['{"a":1e999}', '/a', 'NOT_FINITE'],
  ])('%s is refused at %s', (text, path, code) => {
    expect(refusalOf(() => parse(text))).toMatchObject({ code: 'BODY_UNSAFE', details: [{ path, code }] })
  })

  test('nested beyond reason is refused without exhausting the stack', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(refusalOf(() => parse(deep)).details[0]).toMatchObject({ code: 'TOO_DEEP' })
  })

  test('in another encoding than UTF-8 is refused', () => {
    expect(refusalOf(() => parseBody(Buffer.from([0x22, 0xff, 0xfe, 0x22])))).toMatchObject({
      details: [{ code: 'NOT_UTF8' }],
    })
  })
})
