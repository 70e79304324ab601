import { describe, expect, test } from 'vitest'
import { createFinder } from './find-route.ts'

const list = [
  { method: 'get', path: '/api/:workspace/records/:object/:id' },
  { method: 'patch', path: '/api/:workspace/records/:object/:id' },
  { method: 'get', path: '/api/:workspace/records/:object/export' },
  { method: 'get', path: '/api/session/user' },
  { method: 'get', path: '/api/:workspace/user' },
] as const
const find = createFinder(list)

describe('a route is found', () => {
  test('by its method and the parts of its address', () => {
    expect(find('PATCH', '/api/demo/records/contact/7')).toEqual({
      route: list[1],
      params: { workspace: 'demo', object: 'contact', id: '7' },
    })
  })

  test('where a fixed word stands before one where anything may stand', () => {
    expect(find('GET', '/api/demo/records/contact/export')?.route).toBe(list[2])
    expect(find('GET', '/api/session/user')?.route).toBe(list[3])
  })

  test('where anything may stand when the one with the fixed word answers another method or leads nowhere', () => {
    expect(find('PATCH', '/api/demo/records/contact/export')?.params.id).toBe('export')
    expect(find('GET', '/api/session/records/contact/7')?.params.workspace).toBe('session')
  })

  test('whatever the case of fixed words, with a slash at the end, and for HEAD', () => {
    expect(find('HEAD', '/API/Demo/Records/Contact/7/')).toEqual({
      route: list[0],
      params: { workspace: 'Demo', object: 'Contact', id: '7' },
    })
  })

  test('with its parameters decoded; what cannot be decoded is an error', () => {
    expect(find('GET', '/api/%E6%B8%A0/user')?.params).toEqual({ workspace: '渠' })
    expect(() => find('GET', '/api/%E6/user')).toThrow(URIError)
  })

  test('nowhere else', () => {
    for (const path of ['/', '/api', '/api//user', '/api/demo/user/more', '/api/demo/user//'])
      expect(find('GET', path), path).toBeUndefined()
    expect(find('DELETE', '/api/demo/user')).toBeUndefined()
  })
})
