import { crc32, deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isBlankPng } from './blank-picture.ts'

function part(name: string, data: Buffer): Buffer {
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** Of colours with an alpha, eight bits each. */
function png(width: number, height: number, rows: Buffer, pieces = 1): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const packed = deflateSync(rows)
  const size = Math.ceil(packed.length / pieces)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    part('IHDR', head),
    ...Array.from({ length: pieces }, (_, at) => part('IDAT', packed.subarray(at * size, (at + 1) * size))),
    part('IEND', Buffer.alloc(0)),
  ])
}

const [width, height] = [480, 140]
const row = 1 + 4 * width

test('a canvas on which nobody drew is blank, however its rows are packed and in however many parts', () => {
  const rows = Buffer.alloc(row * height)
  expect(isBlankPng(png(width, height, rows))).toBe(true)
  for (let at = 0; at < height; at++) rows[at * row] = at % 5
  expect(isBlankPng(png(width, height, rows, 3))).toBe(true)
})

test('a single point of ink makes a picture', () => {
  const rows = Buffer.alloc(row * height)
  rows[row * 70 + 4] = 255
  expect(isBlankPng(png(width, height, rows))).toBe(false)
})

test('what cannot be read, is cut off or says to be larger than it is, is not said to be blank', () => {
  const blank = png(width, height, Buffer.alloc(row * height))
  expect(isBlankPng(Buffer.from('no picture'))).toBe(false)
  expect(isBlankPng(blank.subarray(0, 50))).toBe(false)
  expect(isBlankPng(png(width, height, Buffer.alloc(row)))).toBe(false)
  expect(isBlankPng(png(60_000, 60_000, Buffer.alloc(row)))).toBe(false)
})
