import { createApp, listen } from '@channelwright/server/app.ts'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import { testConfig } from '../support/services.ts'

// The program itself on a database that is prepared already. Run as a process of its own; prints its port.

const { url } = JSON.parse(process.argv[2]!) as { url: string }
const { services } = await composeServices(testConfig(url), {
  log: createLogger({ logLevel: 'silent' }),
  connections: 32,
})
const { port } = await listen(createApp(services), 0)
console.log(`port ${port}`)
// Ends in good order, so that `--cpu-prof` gets to write.
process.once('SIGINT', () => process.exit(0))
