import { PrismaPg } from '@prisma/adapter-pg'
import { databaseUrl } from '@/lib/config/environment'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { connectionTo } from './connection'
import { PrismaClient, type Prisma } from './generated/client'

export type Database = PrismaClient
/** What works on its own and inside a transaction alike. */
export type Queryable = Database | Prisma.TransactionClient

/** A process whose machine dies in the middle of a transaction would keep its locks for hours. */
const idleTransactionMsMost = 60_000

/** A client with its own pool; connects with the first query. The caller ends it with `$disconnect()`. */
export function createDatabase(url: string, { idleTransactionMs = idleTransactionMsMost } = {}): Database {
  const adapter = new PrismaPg(
    {
      ...connectionTo(url), max: 10, application_name: 'keypoint',
      onConnect: (client) => client.query(`set idle_in_transaction_session_timeout = ${idleTransactionMs}`),
    },
    // A pooled connection that breaks while idle is replaced with the next query; without a listener it would end the process.
    { onPoolError: (error) => log('debug', 'a database connection was lost', { reason: error.message }) },
  )
  return new PrismaClient({ adapter, transactionOptions: { maxWait: 30_000, timeout: 600_000 } })
}

const shared: typeof globalThis & { keypointDatabase?: Database } = globalThis

/** This process's client for DATABASE_URL. Kept on globalThis, which outlives the module reloads of a development server. */
export function getDatabase(): Database {
  if (shared.keypointDatabase) return shared.keypointDatabase
  const url = databaseUrl()
  if (url === null) {
    throw new KeypointError('not-configured', 'No database is configured: DATABASE_URL is empty.',
      'Start Keypoint with "keypoint serve", which brings its own database, or set DATABASE_URL.')
  }
  shared.keypointDatabase = createDatabase(url)
  return shared.keypointDatabase
}
