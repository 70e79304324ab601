// npm run cw -- …: packages and the built files when needed, then the command line in this process.
import { pathToFileURL } from 'node:url'
import { buildServerOnce, checkNode, installPackages, root } from './prepare.mjs'

checkNode()
const started = process.cwd()
process.chdir(root)
let program
try {
  await installPackages()
  program = await buildServerOnce('cw')
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
// npm runs scripts in the package's folder; paths a person types are meant from where they stand.
process.chdir(process.env.INIT_CWD ?? started)
process.setSourceMapsEnabled(true)
await import(pathToFileURL(program).href)
