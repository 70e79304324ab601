import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Settings, read once at start from the environment. */
export interface Config {
  readonly port: number
  /** Where embedded Postgres keeps its data and the generated secrets lie. */
  readonly dataDir: string
  /** Owner connection. Null: the embedded Postgres is used. */
  readonly databaseUrl: string | null
  /** Connections to Postgres for requests; what else a server opens follows from it (`connections.ts`). */
  readonly connections: number
  /** Signs sessions and derives the password of the login role; 32 bytes or more. */
  readonly secret: string
  readonly production: boolean
  /** Public address, for links and cookies. */
  readonly baseUrl: string
  readonly logLevel: string
  /** Opens `/metrics` to other machines, as a bearer token; null: loopback only. */
  readonly metricsToken: string | null
  /** Hosts outside the public internet that flows may call, each as `host:port`. */
  readonly webhookHosts: readonly string[]
  /** How many proxies stand in front; their `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: number
  /** Mail server: `smtps://user:password@host:465`. Null: none; while developing e-mails are kept to be looked at. */
  readonly smtpUrl: string | null
  /** From whom e-mails come: `Channel <channel@example.com>`. */
  readonly mailFrom: string
  /** Where what people send lies; servers of one database share it. */
  readonly filesDir: string
  /** Largest file in bytes. */
  readonly fileLimit: number
  /** Which files are taken: `image/*`, `application/pdf`. */
  readonly fileTypes: readonly string[]
  /** How long files stay that no record holds any more, in days. */
  readonly keepFilesDays: number
}

/** A setting that the program can't start with. Its message is for the operator and names the variable. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Reads and checks the environment; makes the data folder and the secret when there is none. Throws ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const port = readInteger(env, 'PORT', 4000, 0, 65535)
  const dataDir = env.CW_DATA_DIR
    ? resolve(env.CW_DATA_DIR)
    : fileURLToPath(new URL('../../data', import.meta.url))
  const databaseUrl = env.DATABASE_URL || null
  const production = env.NODE_ENV === 'production'
  if (databaseUrl) checkDatabaseUrl(databaseUrl)
  const baseUrl = (env.CW_BASE_URL || `http://localhost:${port}`).replace(/\/+$/, '')
  if (!URL.canParse(baseUrl)) throw new ConfigError(`CW_BASE_URL is not an address: ${baseUrl}`)
  return {
    port,
    dataDir,
    databaseUrl,
    connections: readInteger(env, 'CW_CONNECTIONS', 32, 4, 500),
    secret: readSecret(env, dataDir, production && databaseUrl !== null),
    production,
    baseUrl,
    // Somebody at a terminal is told what goes wrong; a machine's log keeps more.
    logLevel: env.CW_LOG_LEVEL || (production ? 'info' : 'warn'),
    metricsToken: env.CW_METRICS_TOKEN || null,
    webhookHosts: (env.CW_WEBHOOK_HOSTS ?? '').split(',').flatMap((host) => host.trim().toLowerCase() || []),
    trustedProxies: readInteger(env, 'CW_TRUSTED_PROXIES', 0, 0, 10),
    smtpUrl: readSmtpUrl(env),
    mailFrom: env.CW_MAIL_FROM || `Channelwright <no-reply@${new URL(baseUrl).hostname}>`,
    filesDir: env.CW_FILES_DIR ? resolve(env.CW_FILES_DIR) : join(dataDir, 'files'),
    fileLimit: readInteger(env, 'CW_FILE_LIMIT_MB', 50, 1, 10_000) * 1024 * 1024,
    fileTypes: readFileTypes(env),
    keepFilesDays: readInteger(env, 'CW_FILES_KEEP_DAYS', 3650, 1, 36_500),
  }
}

/** What offices send each other; nothing that a program would run. */
export const usualFileTypes = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/heic',
  'image/heif',
  'image/avif',
  'image/svg+xml',
  'application/pdf',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/zip',
  'text/plain',
  'text/csv',
] as const

function readFileTypes(env: NodeJS.ProcessEnv): readonly string[] {
  const given = (env.CW_FILE_TYPES ?? '').split(',').flatMap((type) => type.trim().toLowerCase() || [])
  const wrong = given.find((type) => !/^[a-z0-9.+-]+\/([a-z0-9.+-]+|\*)$/.test(type))
  if (wrong !== undefined)
    throw new ConfigError(
      `CW_FILE_TYPES must name media types such as image/*,application/pdf, not "${wrong}".`,
    )
  return given.length === 0 ? usualFileTypes : given
}

function readInteger(
  env: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max)
    throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${text}".`)
  return value
}

function readSmtpUrl(env: NodeJS.ProcessEnv): string | null {
  const url = env.CW_SMTP_URL
  if (!url) return null
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    throw new ConfigError('CW_SMTP_URL must look like smtps://user:password@host:465.')
  return url
}

function checkDatabaseUrl(url: string) {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'postgres:' && protocol !== 'postgresql:')
    throw new ConfigError('DATABASE_URL must look like postgres://user:password@host:5432/database.')
}

/**
 * Servers that share a database must share the secret too: it derives the login role's password. That is why
 * production with a database of its own refuses to invent one.
 */
function readSecret(env: NodeJS.ProcessEnv, dataDir: string, required: boolean): string {
  const given = env.CW_SECRET
  if (given) {
    if (given.length < 32) throw new ConfigError('CW_SECRET must have 32 characters or more.')
    return given
  }
  if (required)
    throw new ConfigError(
      'CW_SECRET is needed beside DATABASE_URL in production: 32 random characters or more, the same on every server.',
    )
  return readSecrets(dataDir).secret
}

interface Secrets {
  /** Signs sessions. */
  readonly secret: string
  /** Of the embedded Postgres' owner. */
  readonly postgresPassword: string
}

/** The generated secrets of `dataDir`, made at first use, readable by the owner of the process only. */
export function readSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>
    if (kept.secret && kept.postgresPassword) return kept as Secrets
    throw new ConfigError(`${file} is damaged. Put back a copy of it; without it the data can't be opened.`)
  }
  mkdirSync(dataDir, { recursive: true })
  const made: Secrets = {
    secret: randomBytes(32).toString('base64url'),
    postgresPassword: randomBytes(24).toString('base64url'),
  }
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  return made
}
