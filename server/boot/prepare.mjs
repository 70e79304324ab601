// What must be true before any package can be imported. Plain Node: runs on a machine where nothing is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository; every boot script works from there. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

const oldestNode = [20, 19]
const pnpm = 'pnpm@12.21.0'
const stampFile = join(root, 'node_modules', '.channelwright.json')

/** What vite builds, and the folders whose change asks for a new build. */
const screens = [
  { name: 'portal', filter: '@channelwright/runtime', out: 'runtime/portal/dist', from: ['runtime'] },
  { name: 'builder', filter: '@channelwright/builder', out: 'builder/dist', from: ['runtime', 'builder'] },
]

/** Ends the program with a sentence when this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  console.error(
    `Channelwright needs Node ${oldestNode.join('.')} or later; this is ${process.versions.node}.\n` +
      `渠匠需要 Node ${oldestNode.join('.')} 或更高版本,当前为 ${process.versions.node}。\nhttps://nodejs.org/`,
  )
  process.exit(1)
}

/** Brings the packages of the lockfile when it, or a package.json, changed since the last time. */
export async function installPackages() {
  const manifests = ['.', 'runtime', 'server', 'builder', 'tests'].map((dir) => join(dir, 'package.json'))
  const hash = hashFiles(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests],
    `${process.platform} ${process.arch}`,
  )
  if (readStamps().packages === hash) return
  checkWritable()
  say('Bringing packages (once)', '正在安装依赖(仅需一次)')
  await run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], { CI: 'true' })
  writeStamp('packages', hash)
}

/** Builds the portal and the builder when their sources changed. */
export async function buildScreens() {
  const stale = screens
    .map((screen) => ({
      ...screen,
      hash: hashFiles(screen.from.flatMap(listSources).concat('pnpm-lock.yaml'), ''),
    }))
    .filter(
      ({ name, out, hash }) => readStamps()[name] !== hash || !existsSync(join(root, out, 'index.html')),
    )
  if (stale.length === 0) return
  checkWritable()
  say(`Building ${stale.map((s) => s.name).join(' and ')}`, '正在构建界面')
  await Promise.all(
    stale.map(async ({ name, filter, hash }) => {
      await run('npx', ['--yes', pnpm, '--filter', filter, 'build'], { CI: 'true' })
      writeStamp(name, hash)
    }),
  )
}

/**
 * Builds the server and the command line when their sources changed and answers with the file to import: `main` or
 * `cw`. The name of the folder is the hash of what it was built from.
 */
export async function buildServerOnce(program = 'main') {
  const sources = ['server/src', 'runtime/src'].flatMap((folder) => listSources(folder))
  const hash = hashFiles([...sources, 'server/boot/build-server.mjs', 'pnpm-lock.yaml'], '')
  const folder = join(root, 'server', 'dist', hash.slice(0, 16))
  const file = join(folder, `${program}.js`)
  if (!existsSync(file)) {
    const { buildServer } = await import('./build-server.mjs')
    await buildServer(folder)
  }
  return file
}

/** What is brought and built lies in the program's folder. Throws with a sentence when it may not be written. */
function checkWritable() {
  try {
    accessSync(root, constants.W_OK)
  } catch {
    throw new Error(
      `The folder ${root} can't be written, and packages and screens have to be put there. Give this user the right to, or copy it elsewhere.\n` +
        `无法写入文件夹 ${root},而依赖与界面需放在其中。请授予写入权限,或复制到其他位置。`,
    )
  }
}

/** Runs a TypeScript file in this process. `args` is what it finds in process.argv after its own name. */
export async function runTypeScript(file, args) {
  const { register } = await import('tsx/esm/api')
  register()
  const path = join(root, file)
  process.argv = [process.argv[0], path, ...args]
  await import(new URL(`file://${path}`).href)
}

/** Runs a program in the repository's folder; its output is shown when it fails. Throws when it does. */
export function run(command, args, env = {}, { show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve()
      if (!show) process.stderr.write(Buffer.concat(output))
      reject(new Error(`"${[command, ...args].join(' ')}" ended with ${signal ?? code}`))
    })
  })
}

/** One sentence in both languages; the machine's own comes first. */
export function say(en, zh) {
  const chinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '')
  console.error(chinese ? `${zh} …` : `${en} …`)
}

/** Source files under a folder, sorted; what is installed or built is not a source. */
function listSources(folder) {
  const skipped = new Set(['node_modules', 'dist'])
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && !/\.(test|cases)\./.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? listSources(path) : [path]
    })
}

function hashFiles(files, salt) {
  const hash = createHash('sha256').update(salt)
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return {}
  }
}

function writeStamp(name, hash) {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  const stamps = { ...readStamps(), [name]: hash }
  rmSync(stampFile, { force: true })
  writeFileSync(stampFile, `${JSON.stringify(stamps, null, 2)}\n`)
}
