import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the ports that systems lend to outgoing connections: of those, one could be taken between the question and its use. */
const range = [10_000, 32_768] as const
const attempts = 100

/** True while nobody listens on the port of this machine's loopback address. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** A port of the loopback address that is free now. @throws Error when none of many is. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(...range)
    if (await isFree(port)) return port
  }
  throw new Error(`None of ${attempts} ports from ${range[0]} to ${range[1] - 1} is free.`)
}
