// npm run dev: screens are built again at every change, the server is started again at every change.
import { spawn } from 'node:child_process'
import { checkNode, installPackages, root } from './prepare.mjs'

checkNode()
process.chdir(root)
await installPackages()

const builds = ['runtime', 'builder'].map((folder) =>
  spawn('npx', ['vite', 'build', '--watch', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  }),
)
const server = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', '--import', 'tsx', 'src/main.ts'],
  {
    cwd: `${root}server`,
    env: { ...process.env, CW_DATA_DIR: process.env.CW_DATA_DIR ?? `${root}data` },
    stdio: 'inherit',
  },
)
const stop = () => {
  for (const child of [...builds, server]) child.kill('SIGTERM')
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
server.on('exit', (code) => {
  stop()
  process.exitCode = code ?? 0
})
