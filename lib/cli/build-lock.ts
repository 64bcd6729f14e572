import { mkdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const showLifeMs = 1_000
const lookAgainMs = 500

/**
 * Waits for the right to build in a checkout and takes it. A directory is the lock: making it is atomic. Its holder touches it every second; one that was not
 * touched for `silentAfterMs` is that of a process that was killed, and is taken over.
 * @returns what gives the right back.
 */
export async function lockBuild(root: string, say: (line: string) => void, silentAfterMs = 10_000): Promise<() => Promise<void>> {
  const lock = join(root, '.next-build-lock')
  let seen: number | null = null
  let since = performance.now()
  for (let waits = 0; ; waits += 1) {
    if (await isMade(lock)) return hold(lock)
    if (waits === 0) say('Waiting for another process that builds the web app …')
    const touched = await stat(lock).then(({ mtimeMs }) => mtimeMs, () => null)
    if (touched !== seen) [seen, since] = [touched, performance.now()]
    else if (performance.now() - since > silentAfterMs) await rm(lock, { recursive: true, force: true })
    await pause(Math.min(lookAgainMs, silentAfterMs))
  }
}

async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function hold(lock: string): () => Promise<void> {
  const touching = setInterval(() => {
    const now = new Date()
    utimes(lock, now, now).catch(() => undefined)
  }, showLifeMs)
  return async () => {
    clearInterval(touching)
    await rm(lock, { recursive: true, force: true })
  }
}
