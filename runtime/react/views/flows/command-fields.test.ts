import { describe, expect, it } from 'vitest'
import type { CommandOffer } from '../../../src/api/flows.ts'
import type { JsonObject } from '../../../src/json.ts'
import { fieldsOfCommand, missingIn, payloadOf, unsigned } from './command-fields.ts'

const offer = (
  properties: JsonObject,
  required: string[],
  choices?: CommandOffer['choices'],
): CommandOffer => ({
  name: 'any',
  title: { en: 'Any', zh: '任意' },
  done: { en: 'did it', zh: '做了' },
  payload: { type: 'object', properties, required },
  ...(choices ? { choices } : {}),
})

describe('the form of a command', () => {
  it('draws each property as its schema says', () => {
    const fields = fieldsOfCommand(
      offer(
        {
          people: { type: 'array', items: { type: 'string', 'x-pick': 'person' } },
          place: { anyOf: [{ const: 'before' }, { const: 'after' }] },
          opinionOnly: { type: 'boolean' },
          comment: { anyOf: [{ type: 'string', maxLength: 4000 }, { type: 'null' }] },
        },
        ['people', 'place'],
      ),
    )
    expect(fields?.map(({ key, control, required }) => [key, control.type, required])).toEqual([
      ['people', 'people', true],
      ['place', 'choice', true],
      ['opinionOnly', 'switch', false],
      ['comment', 'words', false],
    ])
    expect(fields?.[1]?.start).toBe('before')
  })

  it('leaves out whoever says it where it goes to somebody else', () => {
    const fields = fieldsOfCommand(
      offer(
        {
          to: { type: 'string', 'x-pick': 'colleague' },
          people: { type: 'array', items: { type: 'string', 'x-pick': 'colleague' } },
          any: { type: 'string', 'x-pick': 'person' },
        },
        [],
      ),
    )
    expect(fields?.map(({ control }) => control)).toEqual([
      { type: 'person', others: true },
      { type: 'people', others: true },
      { type: 'person', others: false },
    ])
  })

  it('takes what the server offers before what the schema says', () => {
    const choices = { to: [{ id: 'n_1', title: { en: 'Manager', zh: '经理' } }] }
    const fields = fieldsOfCommand(offer({ to: { type: 'string', 'x-pick': 'node' } }, ['to'], choices))
    expect(fields?.[0]?.control).toEqual({ type: 'offered', many: false })
  })

  it('offers no form for what no input gives, and leaves it out where it may be missing', () => {
    const mapping = { mapping: { type: 'object' }, reason: { type: 'string', maxLength: 1000 } }
    expect(fieldsOfCommand(offer(mapping, ['mapping', 'reason']))).toBeNull()
    expect(fieldsOfCommand(offer(mapping, ['reason']))?.map(({ key }) => key)).toEqual(['reason'])
  })

  it('names what is missing and sends nothing empty', () => {
    const fields =
      fieldsOfCommand(
        offer({ reason: { type: 'string', maxLength: 1000 }, comment: { type: 'string' } }, ['reason']),
      ) ?? []
    expect(missingIn(fields, { reason: '  ', comment: 'x' })).toEqual(['reason'])
    expect(payloadOf(fields, { reason: 'because', comment: '' })).toEqual({ reason: 'because' })
  })

  it('keeps what was entered for later, but no signature', () => {
    const fields =
      fieldsOfCommand(
        offer({ reason: { type: 'string' }, signature: { type: 'string', 'x-pick': 'signature' } }, []),
      ) ?? []
    expect(unsigned(fields, { reason: 'name:', signature: 'data:image/png;base64,AA==' })).toEqual({
      reason: 'name:',
    })
  })
})
