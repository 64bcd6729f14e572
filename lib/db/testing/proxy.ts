import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** For tests: a way to the database on which nothing gets through while it is silent, and nobody is told, as when a machine or a network dies. */
export interface SilentProxy {
  /** The database by this way. */
  url: string
  silence(): void
  /** Of the connections that there are nothing gets through any more; later ones do. */
  strand(): void
  /** What was held back gets through. */
  speak(): void
  /** From now on nobody hears that the other side has ended its connection, until the returned function is called. */
  holdEnds(): () => void
  close(): Promise<void>
}

export async function startProxy(databaseUrl: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let silent = false
  let heldEnds: (() => void)[] | null = null
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(from)
      from.on('data', (data) => to.write(data))
      from.on('end', () => (heldEnds === null ? to.end() : heldEnds.push(() => to.end())))
      from.on('error', () => to.destroy())
      from.on('close', () => sockets.delete(from))
      if (silent) from.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const strand = () => {
    for (const socket of sockets) socket.pause()
  }
  return {
    strand,
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(typeof address === 'object' ? address?.port : '') }).href,
    silence: () => {
      silent = true
      strand()
    },
    speak: () => {
      silent = false
      for (const socket of sockets) socket.resume()
    },
    holdEnds: () => {
      heldEnds = []
      return () => {
        for (const end of heldEnds ?? []) end()
        heldEnds = null
      }
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
