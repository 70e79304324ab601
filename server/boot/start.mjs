// npm start: packages, screens, the server's own files, then the server in this process.
import { pathToFileURL } from 'node:url'
import { buildScreens, buildServerOnce, checkNode, installPackages, root } from './prepare.mjs'

checkNode()
process.chdir(root)
let server
try {
  await installPackages()
  await buildScreens()
  server = await buildServerOnce()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
// An error tells the line of the TypeScript it came from.
process.setSourceMapsEnabled(true)
await import(pathToFileURL(server).href)
