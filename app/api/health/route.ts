import { instanceName } from '@/lib/config/environment'
import { getDatabase } from '@/lib/db/client'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import packageJson from '@/package.json'

/** Health for load balancers and `keypoint serve`: no session, no data; 503 while the database does not answer. */
export async function GET(): Promise<Response> {
  const version = packageJson.version
  // By this `keypoint serve` knows its own web app from whatever else may answer on the port.
  const headers = { 'cache-control': 'no-store', 'keypoint-instance': instanceName() }
  try {
    await getDatabase().$queryRaw`select 1`
    return Response.json({ status: 'ok', version, database: 'reachable' }, { headers })
  } catch (error) {
    log('error', 'the health page cannot reach the database', { reason: error instanceof KeypointError ? error.message : String(error) })
    return Response.json({ status: 'failing', version, database: 'unreachable' }, { status: 503, headers })
  }
}
