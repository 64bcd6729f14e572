import { actionsMissing, defaultLimits, type Azure, type GrantedActions } from '@/lib/azure'
import type { Config } from '@/lib/config'
import type { Collected } from '@/lib/domain/collected'
import { isFailure } from '@/lib/domain/collected'
import type { Subscription } from '@/lib/domain/estate'
import { KeypointError } from '@/lib/errors'
import { readPolicyFile } from '@/lib/scan'
import { connectAzure } from './connect-azure'
import { openDatabase } from './open-database'
import { checksNeeding, neededActions } from './rights'

/** One thing that doctor looked at. A `warning` lets a scan run with gaps; a `problem` stops it. */
export interface Diagnosis {
  check: string
  status: 'ok' | 'warning' | 'problem'
  message: string
  remedy: string | null
}

const readerId = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

/** Checks configuration, policy, database, sign-in and the reads that a full scan needs. Each step runs although others failed, where it can. */
export async function diagnose(load: () => Config): Promise<Diagnosis[]> {
  const out: Diagnosis[] = []
  let config: Config
  try {
    config = load()
    out.push(ok('configuration', config.demo ? 'No identity and no sign-in app are set: the built-in demo tenant is used.' : `Tenant ${config.tenantId}, ${config.cloud}, identity ${config.identity}.`))
  } catch (error) {
    return [problem('configuration', error)]
  }
  if (config.policyPath !== null) {
    try {
      readPolicyFile(config.policyPath)
      out.push(ok('policy', `${config.policyPath} is well-formed.`))
    } catch (error) {
      out.push(problem('policy', error))
    }
  }
  try {
    const database = await openDatabase(config)
    out.push(ok('database', config.databaseUrl === null ? `The embedded PostgreSQL in ${config.dataDir} runs and is up to date.` : 'DATABASE_URL is reachable and up to date.'))
    await database.close()
  } catch (error) {
    out.push(problem('database', error))
  }
  if (!config.demo) out.push(config.signIn === null ? warning('web sign-in', 'No sign-in app is configured, so `keypoint serve` cannot start.', 'Set ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET.') : ok('web sign-in', `App registration ${config.signIn.clientId}.`))
  try {
    const connection = await connectAzure(config)
    try {
      out.push(...(await diagnoseRights(connection.azure, connection.tenantId)))
    } finally {
      await connection.close()
    }
  } catch (error) {
    out.push(problem('azure', error))
  }
  return out
}

async function diagnoseRights(azure: Azure, tenantId: string): Promise<Diagnosis[]> {
  const out: Diagnosis[] = []
  const subscriptions = await azure.listSubscriptions()
  if (!subscriptions.ok) return [{ check: 'subscriptions', status: 'problem', message: subscriptions.detail, remedy: grantReader(tenantId) }]
  if (subscriptions.value.length === 0) return [{ check: 'subscriptions', status: 'problem', message: 'The identity sees no subscription.', remedy: grantReader(tenantId) }]
  out.push(ok('subscriptions', `${subscriptions.value.length} can be listed.`))
  const alive = subscriptions.value.filter(({ state }) => state !== 'Deleted')
  out.push(ofRead('management groups', await azure.listManagementGroups(), (groups) => `${groups.length} can be listed.`, grantReader(tenantId)))
  const unreadable: string[] = []
  for await (const page of azure.readInventory(alive.map((s) => s.subscriptionId))) {
    if (page.kind === 'listed') unreadable.push(...page.unreadable.map((u) => u.subscriptionId))
  }
  out.push(unreadable.length === 0 ? ok('inventory', 'Resource Graph answers for every subscription.') : warning('inventory', `Resource Graph does not answer for ${unreadable.join(', ')}.`, grantReader(tenantId)))
  const sizes = await azure.countResources(alive.map((s) => s.subscriptionId))
  for (const s of alive) out.push(ofRights(s, await azure.readPermissions(`/subscriptions/${s.subscriptionId}`)))
  out.push(ok('time', timeInWords(sizes)))
  out.push(ofRead('Entra diagnostic settings', await azure.readEntraDiagnosticSettings(), () => 'readable.', 'az role assignment create --assignee <object id> --role Reader --scope /providers/Microsoft.aadiam\n(by a Global Administrator with elevated access)'))
  return out
}

/** Each action that a full scan needs in a subscription and the identity lacks, with the checks that then stay unknown. */
function ofRights({ displayName, subscriptionId }: Subscription, granted: Collected<GrantedActions[]>): Diagnosis {
  const name = `rights in ${displayName}`
  const grant = `az role assignment create --assignee <object id> --role ${readerId} --scope /subscriptions/${subscriptionId}`
  if (!granted.ok) return warning(name, `The rights cannot be read: ${granted.detail}`, grant)
  const missing = actionsMissing(neededActions(), granted.value)
  if (missing.length === 0) return ok(name, `all ${neededActions().length} actions of a full scan.`)
  const lines = missing.map((action) => {
    const unknown = checksNeeding(action)
    return `${action}${unknown.length === 0 ? '' : ` (${unknown.slice(0, 3).join(', ')}${unknown.length > 3 ? ` and ${unknown.length - 3} more` : ''})`}`
  })
  return warning(name, `${missing.length} ${missing.length === 1 ? 'action is' : 'actions are'} missing: ${lines.join('; ')}.`, `${grant}\nor the smaller role of \`keypoint doctor --role\`, where Reader gives too much.`)
}

/** What ARM's read limit makes of the largest subscription: nothing can be faster, and the others are read meanwhile. */
function timeInWords(sizes: ReadonlyMap<string, number>): string {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  if (total === 0) return 'Resource Graph does not tell how many resources there are, so that nothing can be said of a scan\u2019s time.'
  const largest = Math.max(...sizes.values())
  const { burst, perSecond } = defaultLimits.subscriptionReads
  const seconds = Math.max(5, Math.ceil((largest - burst) / perSecond))
  const words = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  const count = (value: number) => new Intl.NumberFormat('en').format(value)
  return `A full scan of ${count(total)} resources takes about ${words}: the largest subscription has ${count(largest)}, and Azure lets ${perSecond} reads a second pass in each.`
}

function grantReader(tenantId: string): string {
  return `az role assignment create --assignee <object id> --role ${readerId} --scope /providers/Microsoft.Management/managementGroups/${tenantId}`
}

function ofRead<T>(check: string, read: Collected<T>, say: (value: T) => string, remedy: string): Diagnosis {
  if (read.ok) return ok(check, say(read.value))
  if (!isFailure(read)) return ok(check, read.detail)
  return warning(check, read.action === null ? read.detail : `${read.detail} Missing: ${read.action}.`, read.reason === 'permission-denied' ? remedy : 'Try again later.')
}

function ok(check: string, message: string): Diagnosis {
  return { check, status: 'ok', message, remedy: null }
}

function warning(check: string, message: string, remedy: string): Diagnosis {
  return { check, status: 'warning', message, remedy }
}

function problem(check: string, error: unknown): Diagnosis {
  if (error instanceof KeypointError) return { check, status: 'problem', message: error.message, remedy: error.remedy }
  return { check, status: 'problem', message: error instanceof Error ? error.message : String(error), remedy: 'Set KEYPOINT_DEBUG=1 and run again for details.' }
}
