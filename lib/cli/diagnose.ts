import { actionsMissing, type Azure, type GrantedActions, type GraphSight } from '@/lib/azure'
import type { Config } from '@/lib/config'
import type { Collected } from '@/lib/domain/collected'
import { isFailure } from '@/lib/domain/collected'
import type { Subscription } from '@/lib/domain/estate'
import { KeypointError } from '@/lib/errors'
import { currentPolicy, findEstate } from '@/lib/db'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import { readPolicyFile, withPolicyFile } from '@/lib/scan'
import { connectAzure } from './connect-azure'
import { diagnoseNotifications } from './diagnose-notifications'
import { openDatabase, type OpenDatabase } from './open-database'
import { actionsOfChecksOff, checksNeeding, neededActions } from './rights'
import { readSizes, scanTimeInWords } from './scan-time'

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
  const opened = await openDatabase(config).catch((error: unknown) => problem('database', error))
  try {
    await diagnoseAll(config, opened, out)
  } finally {
    if (isOpen(opened)) await opened.close()
  }
  return out
}

function isOpen(opened: OpenDatabase | Diagnosis): opened is OpenDatabase {
  return 'close' in opened
}

async function diagnoseAll(config: Config, opened: OpenDatabase | Diagnosis, out: Diagnosis[]): Promise<void> {
  const policy = await diagnosePolicy(config, opened, out)
  if (!config.demo) out.push(config.signIn === null ? warning('web sign-in', 'No sign-in app is configured, so `keypoint serve` cannot start.', 'Set ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET.') : ok('web sign-in', `App registration ${config.signIn.clientId}.`))
  try {
    out.push(...(await diagnoseNotifications(config)))
  } catch (error) {
    // That the database cannot be used was said above.
    if (!out.some(({ check, status }) => check === 'database' && status === 'problem')) out.push(problem('notifications', error))
  }
  try {
    // A scan that runs meanwhile asks Azure within the same limits.
    const connection = await connectAzure(config, { databaseUrl: isOpen(opened) ? opened.url : undefined })
    try {
      out.push(...(await diagnoseRights(connection.azure, connection.tenantId, policy)))
    } finally {
      await connection.close()
    }
  } catch (error) {
    out.push(problem('azure', error))
  }
}

/** Looks at the policy file and the database; gives the policy that scans judge by, as far as these tell it. */
async function diagnosePolicy(config: Config, opened: OpenDatabase | Diagnosis, out: Diagnosis[]): Promise<Policy> {
  let fromFile: ReturnType<typeof readPolicyFile> | null = null
  if (config.policyPath !== null) {
    try {
      fromFile = readPolicyFile(config.policyPath)
      out.push(ok('policy', `${config.policyPath} is well-formed.`))
    } catch (error) {
      out.push(problem('policy', error))
    }
  }
  let stored = defaultPolicy
  if (isOpen(opened)) {
    try {
      stored = await policyIn(opened, config)
      out.push(ok('database', config.databaseUrl === null ? `The embedded PostgreSQL in ${config.dataDir} runs and is up to date.` : 'DATABASE_URL is reachable and up to date.'))
    } catch (error) {
      out.push(problem('database', error))
    }
  } else out.push(opened)
  return fromFile === null ? stored : withPolicyFile(stored, fromFile)
}

/** The policy that was saved for the tenant; the defaults where none was. Of the demo, whose tenant is made at each start, the defaults. */
export async function storedPolicy(config: Config): Promise<Policy> {
  const database = await openDatabase(config)
  try {
    return await policyIn(database, config)
  } finally {
    await database.close()
  }
}

async function policyIn({ db }: OpenDatabase, config: Config): Promise<Policy> {
  const estate = config.tenantId === null ? null : await findEstate(db, { tenantId: config.tenantId, isDemo: config.demo })
  return estate === null ? defaultPolicy : ((await currentPolicy(db, estate.estateId))?.policy ?? defaultPolicy)
}

/** What the identity may read at Azure, as far as a full scan under a policy needs it. */
export async function diagnoseRights(azure: Azure, tenantId: string, policy: Policy): Promise<Diagnosis[]> {
  const out: Diagnosis[] = []
  const subscriptions = await azure.listSubscriptions()
  if (!subscriptions.ok) return [{ check: 'subscriptions', status: 'problem', message: subscriptions.detail, remedy: grantReader(tenantId) }]
  if (subscriptions.value.length === 0) return [{ check: 'subscriptions', status: 'problem', message: 'The identity sees no subscription.', remedy: grantReader(tenantId) }]
  out.push(ok('subscriptions', `${subscriptions.value.length} can be listed.`))
  const alive = subscriptions.value.filter(({ state }) => state !== 'Deleted')
  out.push(await ofManagementGroups(azure, tenantId))
  const ids = alive.map((s) => s.subscriptionId)
  out.push(ofSight(ids, await azure.readGraphSight(ids), tenantId))
  const sizes = await readSizes(azure, ids)
  for (const s of alive) out.push(ofRights(s, await azure.readPermissions(`/subscriptions/${s.subscriptionId}`), policy))
  out.push(ok('time', scanTimeInWords(sizes)))
  out.push(await ofEntra(azure, policy))
  return out
}

/** A full scan reads the settings of each management group and how they lie below each other: so does this. */
async function ofManagementGroups(azure: Azure, tenantId: string): Promise<Diagnosis> {
  const name = 'management groups'
  const grant = grantReader(tenantId)
  const listed = await azure.listManagementGroups()
  if (!listed.ok) return ofRead(name, listed, () => '', grant)
  const groups = listed.value
  if (groups.length === 0) return warning(name, 'None can be listed: the tenant uses none, or Microsoft.Management/managementGroups/read is missing, and their diagnostic settings are not seen.', grant)
  const unread = (await Promise.all(groups.map(async ({ id, displayName }) => ({ displayName, read: await azure.readDiagnosticSettings(id) })))).filter(({ read }) => isFailure(read))
  const below = await azure.listSubscriptionsUnder(tenantId)
  const problems = [
    ...unread.slice(0, 1).map(({ displayName, read }) => `The diagnostic settings of ${unread.length} of ${groups.length} cannot be read, such as those of ${displayName}: ${failureInWords(read)}`),
    ...(isFailure(below) ? [`What lies below the root group cannot be read: ${failureInWords(below)}`] : []),
  ]
  if (problems.length === 0) return ok(name, `${groups.length} can be listed, and the diagnostic settings of each read.`)
  const refused = [...unread.map(({ read }) => read), below].some((read) => !read.ok && read.reason === 'permission-denied')
  return warning(name, problems.join(' '), refused ? grant : 'Try again later.')
}

function failureInWords(read: Collected<unknown>): string {
  if (read.ok) return ''
  return read.action === null ? read.detail : `${read.detail} Missing: ${read.action}.`
}

function ofSight(ids: readonly string[], { shown, failures }: GraphSight, tenantId: string): Diagnosis {
  const unseen = ids.filter((id) => !shown.has(id.toLowerCase()))
  if (unseen.length === 0) return ok('inventory', 'Resource Graph answers for every subscription.')
  const [failure] = failures.values()
  const message = `Resource Graph does not answer for ${unseen.join(', ')}.${failure === undefined ? '' : ` ${failure.detail}`}`
  const refused = unseen.some((id) => (failures.get(id.toLowerCase())?.reason ?? 'permission-denied') === 'permission-denied')
  return warning('inventory', message, refused ? grantReader(tenantId) : 'Try again later.')
}

const entraRead = 'microsoft.aadiam/diagnosticSettings/read'

async function ofEntra(azure: Azure, policy: Policy): Promise<Diagnosis> {
  const name = 'Entra diagnostic settings'
  if (checksNeeding(entraRead, { policy, subscriptionId: null, on: true }).length === 0) {
    return ok(name, `not asked; ${entraRead} is needed only if you turn on ${checksNeeding(entraRead).join(' or ')}.`)
  }
  return ofRead(name, await azure.readEntraDiagnosticSettings(), () => 'readable.', 'az role assignment create --assignee <object id> --role Reader --scope /providers/Microsoft.aadiam\n(by a Global Administrator with elevated access)')
}

/** Each action that a full scan needs in a subscription and the identity lacks, with the checks that then stay unknown. */
export function ofRights({ displayName, subscriptionId }: Pick<Subscription, 'displayName' | 'subscriptionId'>, granted: Collected<GrantedActions[]>, policy: Policy): Diagnosis {
  const name = `rights in ${displayName}`
  const grant = `az role assignment create --assignee <object id> --role ${readerId} --scope /subscriptions/${subscriptionId}`
  if (!granted.ok) return warning(name, `The rights cannot be read: ${granted.detail}`, grant)
  const needed = neededActions(policy, subscriptionId)
  const missing = actionsMissing(needed, granted.value)
  const unused = actionsMissing(actionsOfChecksOff(policy, subscriptionId), granted.value)
  const rest = unused.length === 0 ? '' : ` Needed only if you turn on what is off: ${inWords(unused, { policy, subscriptionId, on: false })}.`
  if (missing.length === 0) return ok(name, `all ${needed.length} actions of a full scan.${rest}`)
  return warning(
    name, `${missing.length} ${missing.length === 1 ? 'action is' : 'actions are'} missing: ${inWords(missing, { policy, subscriptionId, on: true })}.${rest}`,
    `${grant}\nor the smaller role of \`keypoint doctor --role\`, where Reader gives too much.`,
  )
}

/** Actions with the checks that they serve. */
function inWords(actions: readonly string[], asked: { policy: Policy; subscriptionId: string; on: boolean }): string {
  return actions.map((action) => {
    const served = checksNeeding(action, asked)
    return `${action}${served.length === 0 ? '' : ` (${served.slice(0, 3).join(', ')}${served.length > 3 ? ` and ${served.length - 3} more` : ''})`}`
  }).join('; ')
}

function grantReader(tenantId: string): string {
  return `az role assignment create --assignee <object id> --role ${readerId} --scope /providers/Microsoft.Management/managementGroups/${tenantId}`
}

function ofRead<T>(check: string, read: Collected<T>, say: (value: T) => string, remedy: string): Diagnosis {
  if (read.ok) return ok(check, say(read.value))
  if (!isFailure(read)) return ok(check, read.detail)
  return warning(check, failureInWords(read), read.reason === 'permission-denied' ? remedy : 'Try again later.')
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
