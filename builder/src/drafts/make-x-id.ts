/** A fresh permanent identity: short, no look-alikes, letter first. */
export function makeXId(prefix: string): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
  const random = crypto.getRandomValues(new Uint8Array(10))
  return `${prefix}_${Array.from(random, (byte) => alphabet[byte % alphabet.length]).join('')}`
}
