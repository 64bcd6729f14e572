import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface ReceivedMail {
  from: string
  to: string[]
  user: string | null
  secure: boolean
  /** Header lines, unfolded, by lower-case name. */
  headers: Map<string, string>
  text: string
  html: string
}

/** A mail server on loopback that keeps what it is given. */
export async function startMailServer(options: SMTPServerOptions = {}) {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (auth, _session, callback) => (auth.password === 'p@ss word' ? callback(null, { user: auth.username }) : callback(new Error('Invalid username or password'))),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const { headers, parts } = parseMail(Buffer.concat(chunks).toString('latin1'))
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), user: typeof session.user === 'string' ? session.user : null, secure: session.secure,
          headers, text: parts.get('text/plain') ?? '', html: parts.get('text/html') ?? '',
        })
        callback()
      })
    },
    ...options,
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('the mail server has no port')
  return {
    mails,
    port: address.port,
    url: `smtp://127.0.0.1:${address.port}`,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/** A multipart mail whose parts are in base64. */
function parseMail(raw: string): { headers: Map<string, string>; parts: Map<string, string> } {
  const { headers, body } = splitHead(raw)
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1]
  const parts = (boundary === undefined ? [] : body.split(`--${boundary}`).slice(1, -1)).map((part) => splitHead(part.trimStart()))
  return {
    headers,
    parts: new Map(parts.map((part) => [/^[^;]*/.exec(part.headers.get('content-type') ?? '')?.[0] ?? '', Buffer.from(part.body, 'base64').toString('utf8')])),
  }
}

function splitHead(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return { headers: new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])), body: raw.slice(end + 4) }
}
