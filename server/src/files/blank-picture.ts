import { inflateSync } from 'node:zlib'

const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
/** Larger ones are not looked into, in bytes of the picture unpacked. */
const largest = 4_000_000

/**
 * Whether a PNG is surely blank: every sample of it is zero, like a canvas on which nobody drew. What is blank in
 * another way or cannot be read is not said to be.
 */
export function isBlankPng(bytes: Buffer): boolean {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return false
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  const [depth = 0, colour = 0, , , interlaced = 0] = bytes.subarray(24, 29)
  // Each row begins with how it is packed; whichever way, zeros stay zeros.
  const row = 1 + Math.ceil((width * depth * (samples[colour] ?? 0)) / 8)
  if (interlaced !== 0 || row === 1 || height === 0 || row * height > largest) return false
  try {
    const unpacked = inflateSync(readData(bytes), { maxOutputLength: row * height })
    return unpacked.length === row * height && unpacked.every((byte, at) => byte === 0 || at % row === 0)
  } catch {
    return false
  }
}

/** What the parts named IDAT hold, in their order. */
function readData(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return Buffer.concat(parts)
}
