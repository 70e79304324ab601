// node run.mjs FILE.ts …: brings packages when needed, then runs one of our programs in this process.
import { relative, resolve } from 'node:path'
import { checkNode, installPackages, root, runTypeScript } from './prepare.mjs'

checkNode()
const [file, ...args] = process.argv.slice(2)
if (!file) {
  console.error('usage: node server/boot/run.mjs FILE.ts …')
  process.exit(2)
}
const started = process.cwd()
process.chdir(root)
try {
  await installPackages()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
// npm runs scripts in the package's folder; paths a person types are meant from where they stand.
process.chdir(process.env.INIT_CWD ?? started)
await runTypeScript(relative(root, resolve(root, file)), args)
