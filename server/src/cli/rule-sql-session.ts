import { lineEvaluator } from '@channelwright/runtime/logic/eval-line.ts'
import { nameFunctions } from '@channelwright/runtime/logic/names/functions-sql.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import pg from 'pg'
import { readConfig, readSecrets } from '../config.ts'
import { startEmbedded } from '../db/embedded.ts'
import { SqlEvaluator } from './rule-sql.ts'

const nameSchema = 'pg_temp'

/**
 * Lends an evaluator on Postgres: DATABASE_URL, else the embedded one, shared with a running server or started for as
 * long as it takes. Reads no table and writes none. With a trace, its steps are those of the evaluator, told only
 * where both give the same.
 */
export async function withSqlEvaluator(
  locale: Locale,
  trace: boolean,
  work: (answer: (lines: readonly string[]) => Promise<string[]>) => Promise<void>,
): Promise<void> {
  const config = readConfig()
  const embedded = config.databaseUrl
    ? null
    : await startEmbedded({ dir: config.dataDir, password: readSecrets(config.dataDir).postgresPassword })
  try {
    const client = new pg.Client({ connectionString: config.databaseUrl ?? embedded!.url })
    await client.connect()
    try {
      // Functions of workspaces are lent for the session, in its own schema of temporary things.
      await client.query(nameFunctions(nameSchema))
      await client.query(
        "SET default_transaction_read_only = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET statement_timeout = '60s'",
      )
      const evaluator = new SqlEvaluator(client, locale, nameSchema)
      if (!trace) await work((lines) => evaluator.answer(lines))
      else {
        const explain = lineEvaluator({ trace: true, locale })
        await work(async (lines) =>
          (await evaluator.answer(lines)).map((answer, i) => withSteps(answer, explain(lines[i]!))),
        )
      }
    } finally {
      await client.end()
    }
  } finally {
    await embedded?.stop()
  }
}

/** The database's own answer with the steps of the evaluator, where these lead to it. */
function withSteps(answer: string, traced: string): string {
  const { trace, steps, ...told } = JSON.parse(traced) as { trace?: unknown; steps?: unknown }
  return JSON.stringify(told) === answer && trace !== undefined
    ? JSON.stringify({ ...(JSON.parse(answer) as object), trace, steps })
    : answer
}
