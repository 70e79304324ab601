// npm start: packages, screens, then the server in this process.
import { buildScreens, checkNode, installPackages, root, runTypeScript } from './prepare.mjs'

checkNode()
process.chdir(root)
try {
  await installPackages()
  await buildScreens()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
await runTypeScript('server/src/main.ts', process.argv.slice(2))
