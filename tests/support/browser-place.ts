import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unpackWoff } from '@channelwright/server/files/documents/unpack-woff.ts'

/** A Chromium that can be started, with the environment it needs. */
export interface BrowserPlace {
  readonly executable: string
  readonly args: readonly string[]
  readonly env: Record<string, string>
}

/** The machine's own Chrome, for systems that the npm package does not carry one for. */
const usualPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  linux: ['/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium'],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
}

/**
 * On Linux x64 the Chromium inside the npm package, unpacked once per version into the temporary folder together with
 * its libraries and a Chinese font; elsewhere CW_CHROME or the machine's Chrome.
 */
export async function prepareBrowser(): Promise<BrowserPlace> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined),
  ) as Record<string, string>
  const given = process.env.CW_CHROME
  if (given) return { executable: given, args: [], env: inherited }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const home = await unpack()
    return {
      executable: join(home, 'chromium'),
      args: [
        '--no-sandbox',
        '--no-zygote',
        '--disable-gpu',
        '--font-render-hinting=none',
        '--disable-dev-shm-usage',
      ],
      env: {
        ...inherited,
        LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
        FONTCONFIG_FILE: join(home, 'fonts.conf'),
        HOME: home,
      },
    }
  }
  const executable = (usualPlaces[process.platform] ?? []).find((path) => existsSync(path))
  if (!executable)
    throw new Error('No Chrome was found on this machine. Install one, or set CW_CHROME to its path.')
  return { executable, args: [], env: inherited }
}

async function unpack(): Promise<string> {
  const require = createRequire(import.meta.url)
  const { version } = JSON.parse(readFileSync(packageFile(require.resolve('@sparticuz/chromium')), 'utf8'))
  const home = join(tmpdir(), `cw-chromium-${version}`)
  if (existsSync(home)) return home
  // Unpacked beside and renamed: another run at the same moment must never meet half a browser.
  const half = mkdtempSync(`${home}-`)
  const kept = { ...process.env }
  // The package unpacks into the temporary folder, and its libraries only where it believes to be on Lambda.
  process.env.TMPDIR = half
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
  } finally {
    for (const name of ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']) {
      if (kept[name] === undefined) delete process.env[name]
      else process.env[name] = kept[name]
    }
  }
  addFonts(half, home, dirname(packageFile(require.resolve('@fontsource/noto-sans-sc'))))
  try {
    renameSync(half, home)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
  return home
}

function addFonts(half: string, home: string, font: string): void {
  const fonts = join(half, 'fonts')
  mkdirSync(fonts, { recursive: true })
  const wanted = /^noto-sans-sc-(chinese-simplified|latin)-(400|500|700)-normal\.woff$/
  for (const file of readdirSync(join(font, 'files')).filter((name) => wanted.test(name)))
    writeFileSync(
      join(fonts, file.replace('.woff', '.ttf')),
      unpackWoff(readFileSync(join(font, 'files', file))),
    )
  writeFileSync(
    join(half, 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, 'fonts')}</dir>
  <cachedir>${join(home, 'fontcache')}</cachedir>
  <config></config>
</fontconfig>
`,
  )
}

/** package.json of the package that this file belongs to. */
function packageFile(inside: string): string {
  for (let at = dirname(inside); at !== dirname(at); at = dirname(at)) {
    const file = join(at, 'package.json')
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name) return file
  }
  throw new Error(`no package.json above ${inside}`)
}
