import { sessionSecretsOf, type Config } from '@/lib/config'
import { findChannelAtWork, findEstate, listChannels, type Database } from '@/lib/db'
import { credentialDays, dueStep, type ChannelRow } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { credentialSettings, credentialStates, unsealChannel, type CredentialState } from '@/lib/notify'
import type { Diagnosis } from './diagnose'
import { openDatabase } from './open-database'

/** Whether what signs in ends soon, and whether the channels can be reached by what is configured here. Sends nothing. */
export async function diagnoseNotifications(config: Config, now = new Date()): Promise<Diagnosis[]> {
  const database = await openDatabase(config)
  try {
    const estate = config.tenantId === null ? null : await findEstate(database.db, { tenantId: config.tenantId, isDemo: config.demo })
    const viewer: Viewer = { estateId: estate?.estateId ?? -1, subscriptions: 'all' }
    const credentials = (await credentialStates(database.db, viewer, credentialSettings(config))).map((state) => ofCredential(state, now))
    const channels = await listChannels(database.db, viewer)
    const problems = await Promise.all(channels.map((channel) => channelProblem(database.db, config, channel)))
    const warnings = problems.filter((one) => one !== null)
    const summary: Diagnosis[] = channels.length === 0 || warnings.length > 0 ? []
      : [{ check: 'notifications', status: 'ok', message: `${channels.length} ${channels.length === 1 ? 'channel' : 'channels'}.`, remedy: null }]
    return [...credentials, ...summary, ...warnings]
  } finally {
    await database.close()
  }
}

function ofCredential({ name, expiresAt, source }: CredentialState, now: Date): Diagnosis {
  if (expiresAt === null) return { check: 'credential', status: 'ok', message: `${name}: it is not known when it expires. ${source}`, remedy: null }
  const isSoon = dueStep(credentialDays, expiresAt, now) !== null
  const message = `${name} ${Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'expires'} on ${expiresAt.slice(0, 10)}. ${source}`
  return { check: 'credential', status: isSoon ? 'warning' : 'ok', message, remedy: isSoon ? 'Add a new one to the app registration, and give it to Keypoint before then.' : null }
}

async function channelProblem(db: Database, config: Config, channel: ChannelRow): Promise<Diagnosis | null> {
  const warning = (message: string, remedy: string): Diagnosis => ({ check: `notifications to ${channel.name}`, status: 'warning', message, remedy })
  if (channel.disabledReason !== null) return warning(`The channel was switched off. ${channel.disabledReason}`, 'Enter a new address on the page Notifications, or remove the channel.')
  if (channel.kind === 'email') return config.mail === null ? warning('No mail server is configured.', 'Set KEYPOINT_SMTP_URL and KEYPOINT_MAIL_FROM.') : null
  const sealed = (await findChannelAtWork(db, channel.id))?.sealed ?? null
  try {
    if (sealed !== null) await unsealChannel(sessionSecretsOf(config), sealed)
    return null
  } catch (error) {
    if (error instanceof KeypointError) return warning(error.message, error.remedy)
    throw error
  }
}
