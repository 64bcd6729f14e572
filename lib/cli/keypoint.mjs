#!/usr/bin/env node
// Starts the command on the Node.js that the project pins: the system's may be too old for its packages. The pinned one gets
// the flag that package.json's scripts give: with a small space for new objects, which V8 takes from the command line alone, a scan holds less memory.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const main = join(here, 'main.ts')

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // A process of the system's Node.js that was killed can pass no signal on: losing its channel tells as much.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: join(root, 'tsconfig.json') })
  await import(pathToFileURL(main).href)
} else {
  const pinned = join(root, 'node_modules', 'node', 'bin', 'node')
  if (!existsSync(pinned)) {
    process.stderr.write(`keypoint needs Node.js 24 or later; this is ${process.version}. Run \`npm ci\` in the checkout, which brings one.\n`)
    process.exit(1)
  }
  const child = spawn(pinned, ['--max-semi-space-size=32', fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
