// Builds the web app while no other process does: `build-alone.mjs NEXT STAMP FINGERPRINT`, in the checkout. The right to build is a lock of the process
// that builds, which the operating system takes back however that one ends, so none is ever left behind. It is SQLite's: Node.js has none of its own.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const [next, stamp, fingerprint] = process.argv.slice(2)
const lookAgainMs = 200
const sqliteBusy = 5

// Of what is in the folder of a build, this one alone outlives the next build.
const kept = join(dirname(stamp), 'cache')
mkdirSync(kept, { recursive: true })
const lock = new DatabaseSync(join(kept, 'keypoint-build-lock'))
for (let waits = 0; !isTaken(); waits += 1) {
  if (waits === 0) process.send('Waiting for another process that builds the web app …')
  await pause(lookAgainMs)
}
process.once('exit', (code) => {
  if (code === 0) writeFileSync(stamp, fingerprint)
  lock.close()
})
if (isBuilt()) process.exit(0)
process.send('Building the web app (once, or when its sources change) …')
// A build that is interrupted leaves neither the old app nor the new one.
rmSync(stamp, { force: true })
process.argv = [process.execPath, next, 'build']
await import(pathToFileURL(next).href)

function isTaken() {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error.errcode === sqliteBusy) return false
    throw error
  }
}

function isBuilt() {
  try {
    return readFileSync(stamp, 'utf8') === fingerprint
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}
