// The program as `npm start` and the image run it, built and not as TypeScript: what the tool that reads TypeScript adds
// to every function would be measured too. Settings come by the environment, on a database that is prepared already.
import { pathToFileURL } from 'node:url'
import { buildServerOnce } from '../../server/boot/prepare.mjs'

const server = await buildServerOnce()
process.setSourceMapsEnabled(true)
await import(pathToFileURL(server).href)
