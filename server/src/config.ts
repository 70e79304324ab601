/** Settings, read once at start from the environment. */
export interface Config {
  readonly port: number
  /** Where embedded Postgres keeps its data and the generated secrets lie. */
  readonly dataDir: string
  /** Owner connection. Null: the embedded Postgres is used. */
  readonly databaseUrl: string | null
  /** Signs sessions and derives the password of the login role; 32 bytes or more. */
  readonly secret: string
  readonly production: boolean
  /** Public address, for links and cookies. */
  readonly baseUrl: string
  readonly logLevel: string
}
