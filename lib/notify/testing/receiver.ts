import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Answer {
  status: number
  body?: string
  headers?: Record<string, string>
  /** How the body ends: `never` keeps it open, `torn` closes the connection within it. */
  end?: 'never' | 'torn'
  /** True: no answer comes at all. */
  silent?: boolean
  /** Resolves when the answer may go. */
  after?: Promise<unknown>
}

/** A web server on loopback that keeps what is posted to it and answers as told: with the next of `answers`, or 200. */
export async function startReceiver(host = '127.0.0.1') {
  const received: Received[] = []
  const answers: Answer[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body })
      const { status, body: text = '', headers = {}, end, silent, after }: Answer = answers.shift() ?? { status: 200 }
      if (silent) return
      void Promise.resolve(after).then(() => {
        response.writeHead(status, headers)
        if (end === undefined) response.end(text)
        else response.write(text, () => { if (end === 'torn') response.destroy() })
      })
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port')
  const { port } = address
  return {
    received,
    answers,
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/hook`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>
