import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** Lines of standard input that hold something, in windows of at most `size`; one window at a time is in memory. */
export async function* readLines(size: number): AsyncGenerator<string[]> {
  let window: string[] = []
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    window.push(line)
    if (window.length < size) continue
    yield window
    window = []
  }
  if (window.length > 0) yield window
}

/** Waits while the reader is slower: a million lines must not pile up in memory. */
export async function writeLines(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  if (!process.stdout.write(`${lines.join('\n')}\n`))
    await new Promise((ready) => process.stdout.once('drain', ready))
}

/** All of standard input as one text. */
export async function readAll(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** A JSON file that an option names. */
export async function readJsonFile(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}
