import { expect, test } from 'vitest'
import { openTestDatabase, withClient } from '../support/database.ts'
import { dumpSchema } from '../support/dump-schema.ts'

// After a new migration: npx vitest run --project code tests/contract/schema.test.ts -u, and read the difference.
test('the migrations make exactly the catalogue that schema.sql shows', async () => {
  const database = await openTestDatabase()
  try {
    const dump = await withClient(database.url, (client) => dumpSchema(client))
    await expect(dump).toMatchFileSnapshot('../../server/src/db/schema.sql')
  } finally {
    await database.close()
  }
})
