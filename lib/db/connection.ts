import { Socket } from 'node:net'
import pg from 'pg'
import { KeypointError } from '@/lib/errors'

/** The oldest PostgreSQL that Keypoint runs on, as `server_version_num`. */
const oldestServer = 140_000

/** This process's sockets to each database, by its place. */
const sockets = new Map<string, Set<Socket>>()

/**
 * How every connection to a database is made. The network of a silent one is asked, so that one whose server vanished fails within half a minute; one that waits for
 * an answer ends by `breakConnections`. Throws KeypointError `invalid` for a URL that is not one of PostgreSQL.
 */
export function connectionTo(url: string) {
  const place = placeOf(url)
  return { connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true, keepAliveInitialDelayMillis: 10_000, stream: () => openSocket(place) }
}

function openSocket(place: string): Socket {
  const socket = new Socket()
  const open = sockets.get(place) ?? new Set()
  sockets.set(place, open.add(socket))
  return socket.once('close', () => open.delete(socket))
}

/**
 * Breaks all connections of this process to a database that does not answer. Where packets vanish, the kernel repeats what was sent for a quarter of an hour before it
 * tells whoever waits, though the database may be back by then, elsewhere even.
 */
export function breakConnections(url: string): void {
  for (const socket of sockets.get(placeOf(url)) ?? []) socket.destroy()
}

/**
 * Connects once, outside any pool, and checks that the server is new enough. Throws KeypointError `unavailable` (or `invalid` for a URL that is
 * not one), naming host, port and database and never the password.
 */
export async function connectOnce(url: string): Promise<pg.Client> {
  const place = placeOf(url)
  const client = new pg.Client(connectionTo(url))
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (cause) {
    throw toUnavailable(cause, place)
  }
  const { rows } = await client.query<{ version: number; text: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as text`)
  const server = rows[0]
  if (server && server.version >= oldestServer) return client
  await client.end()
  throw new KeypointError('unavailable', `The database at ${place} is PostgreSQL ${server?.text ?? 'of an unknown version'}.`,
    'Use PostgreSQL 14 or later.')
}

/** `host:port/database` of a database URL. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, protocol } = new URL(url)
    if (protocol !== 'postgres:' && protocol !== 'postgresql:') throw new TypeError('not a PostgreSQL URL')
    return `${hostname || 'localhost'}:${port || '5432'}${decodeURIComponent(pathname) || '/'}`
  } catch (cause) {
    throw new KeypointError('invalid', 'DATABASE_URL is not a PostgreSQL URL.',
      'Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters in the password percent-encoded.', { cause })
  }
}

/** That a database cannot be used, or not any more. */
class DatabaseError extends KeypointError {
  constructor(message: string, remedy: string, cause: unknown) {
    super('unavailable', message, remedy, { cause })
  }
}

/** What went wrong with a connection, in a sentence. */
export function toUnavailable(cause: unknown, place: string): KeypointError {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const [problem, remedy] = describe(code, cause)
  return new DatabaseError(`The database at ${place} ${problem}.`, remedy, cause)
}

function describe(code: string, cause: unknown): [problem: string, remedy: string] {
  switch (code) {
    case 'ECONNREFUSED': return ['refuses connections', 'Start PostgreSQL there, or correct host and port in DATABASE_URL.']
    case 'ENOTFOUND':
    case 'EAI_AGAIN': return ['has an unknown host name', 'Correct the host in DATABASE_URL, or the name resolution of this machine.']
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH': return ['cannot be reached over the network', 'Check host, port and firewalls between here and there.']
    case '28P01':
    case '28000': return ['refuses the user or the password', 'Correct user and password in DATABASE_URL (percent-encode special characters), or allow this host in pg_hba.conf.']
    case '3D000': return ['does not exist', 'Create it (createdb), or correct the database name in DATABASE_URL.']
    case '53300': return ['has no free connection', 'Stop other clients, or raise max_connections.']
    case '57P03': return ['is starting up or shutting down', 'Try again in a moment.']
    case '42501': return ['does not grant this user what it needs', 'Grant the user CREATE on the schema public.']
    default: {
      const message = cause instanceof Error && cause.message !== '' ? cause.message : code
      return [`cannot be used: ${message}`, 'Check DATABASE_URL and that PostgreSQL 14 or later runs there.']
    }
  }
}

const lostCodes = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|53300|57P0[123]|08\d{3}|P1001|P1002|P1017)$/

// Prisma tells the server's own code only in words.
const lostWords = /Connection terminated|timeout exceeded when trying to connect|timeout expired|Transaction API error: Transaction not found|Server has closed the connection|terminating connection|not currently accepting connections|Can't reach database|Code: `(57P0[123]|08\w{3})`/i

/** True for an error that says that the connection or the server was lost, so that the same may succeed when it is back. */
export function isDatabaseLost(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    // Other services are lost with the same codes.
    if (cause instanceof KeypointError && !(cause instanceof DatabaseError)) return false
    if ('code' in cause && typeof cause.code === 'string' && lostCodes.test(cause.code)) return true
    if (lostWords.test(cause.message)) return true
  }
  return false
}

/** What to tell people of an error of the database that is none of its user's: that it was lost, or has no space left. Null for any other. */
export function toDatabaseTrouble(error: unknown): KeypointError | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    if (('code' in cause && cause.code === '53100') || /No space left on device/.test(cause.message)) {
      return new DatabaseError('The disk of the database is full.', 'Free space there, or keep history for fewer days (Settings, History), and try again: a scan goes on where it was.', error)
    }
  }
  if (!isDatabaseLost(error)) return null
  return new DatabaseError('The connection to the database was lost.',
    'See whether PostgreSQL runs and has disk space (the embedded one writes postgres.log in KEYPOINT_DATA_DIR), and try again: a scan goes on where it was.', error)
}
