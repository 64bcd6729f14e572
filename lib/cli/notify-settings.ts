import type { Config } from '@/lib/config'
import type { NotifySettings } from '@/lib/notify'

/** What sending messages needs, as the environment says. */
export function notifySettings({ url, webhookNetworks, mail }: Config, secrets: readonly string[]): NotifySettings {
  return { baseUrl: url, secrets, networks: webhookNetworks, mail }
}
