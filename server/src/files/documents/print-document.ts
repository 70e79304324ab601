import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FilledBlock, FilledDocument } from './fill-document.ts'
import { unpackWoff } from './unpack-woff.ts'

type Node = Readonly<Record<string, unknown>> | string

/** What of pdfmake 0.3 is used here; it carries no types. */
interface Pdfmake {
  readonly virtualfs: { writeFileSync(name: string, content: Buffer): void }
  setFonts(fonts: Readonly<Record<string, { readonly normal: string; readonly bold: string }>>): void
  setUrlAccessPolicy(allows: (url: string) => boolean): void
  setLocalAccessPolicy(allows: (path: string) => boolean): void
  createPdf(document: object): { getBuffer(): Promise<Buffer> }
}

let ready: Pdfmake | undefined

/**
 * The printer with a font that has Latin and Chinese letters, read when something is printed first. Only the letters
 * that a document uses go into it. It may fetch nothing, from the disk or from elsewhere.
 */
function openPrinter(): Pdfmake {
  if (ready) return ready
  const require = createRequire(import.meta.url)
  const printer = require('pdfmake') as Pdfmake
  const font = (weight: number) =>
    unpackWoff(
      readFileSync(
        require.resolve(
          `@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff`,
        ),
      ),
    )
  printer.setUrlAccessPolicy(() => false)
  printer.setLocalAccessPolicy(() => false)
  printer.virtualfs.writeFileSync('regular.ttf', font(400))
  printer.virtualfs.writeFileSync('bold.ttf', font(700))
  printer.setFonts({ Main: { normal: 'regular.ttf', bold: 'bold.ttf' } })
  ready = printer
  return printer
}

const headingSizes = { 1: 18, 2: 13, 3: 11 } as const
/** Ink of what explains, and of thin lines. */
const [grey, rule] = ['#5a6670', '#c9d1d8']

/** The document as a PDF. `at`: the moment that stands in it as its making. */
export async function printDocument(document: FilledDocument, at: string): Promise<Buffer> {
  const printer = openPrinter()
  const { page } = document
  const line = (text: string, more: object = {}) => ({ text, fontSize: 8, color: grey, ...more })
  return printer
    .createPdf({
      pageSize: page.size,
      pageOrientation: page.orientation,
      pageMargins: [56, page.head ? 64 : 48, 56, 56],
      defaultStyle: { font: 'Main', fontSize: 10, lineHeight: 1.35 },
      info: {
        title: document.name,
        creator: 'Channelwright',
        producer: 'Channelwright',
        creationDate: new Date(at),
      },
      lang: document.locale === 'zh' ? 'zh-CN' : 'en',
      ...(page.head ? { header: line(page.head, { margin: [56, 28, 56, 0] }) } : {}),
      footer: (number: number, of: number) => ({
        margin: [56, 12, 56, 0],
        columns: [
          line(page.foot ?? '', { width: '*' }),
          line(page.numbers ? `${number} / ${of}` : '', { width: 'auto', alignment: 'right' }),
        ],
      }),
      content: document.blocks.map(drawBlock),
    })
    .getBuffer()
}

function drawBlock(block: FilledBlock): Node {
  switch (block.type) {
    case 'heading':
      return { text: block.text, bold: true, fontSize: headingSizes[block.level], margin: [0, 10, 0, 6] }
    case 'text':
      return {
        text: block.text,
        alignment: block.align,
        bold: block.bold,
        margin: [0, 0, 0, 6],
        ...(block.small ? { fontSize: 8, color: grey } : {}),
      }
    case 'fields':
      return drawPairs(block.pairs, block.columns)
    case 'lines':
      return drawTable(block)
    case 'signatures':
      return {
        margin: [0, 36, 0, 0],
        columnGap: 28,
        unbreakable: true,
        columns: block.parties.map((party) => ({
          stack: [
            { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 150, y2: 0, lineWidth: 0.7 }] },
            { text: party, fontSize: 9, margin: [0, 4, 0, 0] },
            { text: block.dateWord, fontSize: 8, color: grey },
          ],
        })),
      }
    case 'space':
      return { text: ' ', margin: [0, 6, 0, 6] }
    case 'page_break':
      return { text: '', pageBreak: 'after' }
  }
}

function drawPairs(pairs: readonly (readonly [string, string])[], columns: 1 | 2): Node {
  const cells = pairs.flatMap(([name, value]) => [{ text: name, color: grey }, { text: value }])
  const width = columns * 2
  const body: object[][] = []
  for (let at = 0; at < cells.length; at += width) {
    const row = cells.slice(at, at + width)
    body.push([...row, ...Array.from({ length: width - row.length }, () => ({ text: '' }))])
  }
  if (body.length === 0) return ''
  return {
    margin: [0, 2, 0, 10],
    table: { widths: Array.from({ length: columns }, () => ['auto', '*']).flat(), body },
    layout: thinLines,
  }
}

function drawTable({ heads, numeric, rows, totals }: Extract<FilledBlock, { type: 'lines' }>): Node {
  const side = (at: number) => (numeric[at] ? 'right' : 'left')
  const row = (texts: readonly string[], more: object = {}) =>
    texts.map((text, at) => ({ text, alignment: side(at), ...more }))
  return {
    margin: [0, 4, 0, 10],
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: heads.map((_, at) => (numeric[at] ? 'auto' : '*')),
      body: [
        row(heads, { bold: true, fillColor: '#eef2f5' }),
        ...rows.map((texts) => row(texts)),
        ...(totals ? [row(totals, { bold: true })] : []),
      ],
    },
    layout: thinLines,
  }
}

const thinLines = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0,
  hLineColor: () => rule,
  paddingTop: () => 3,
  paddingBottom: () => 3,
}
