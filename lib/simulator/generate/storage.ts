import { ok, type Answer } from '../answer'
import type { GraphRow } from '../graph-row'
import { uniform } from '../random'
import type { DestinationBook } from './destinations'

/** The account's lifecycle policy; undefined when it has none. */
export function lifecyclePolicy(seed: number, subject: string, row: GraphRow, book: DestinationBook): Answer | undefined {
  const archive = book.archives.find((each) => each.id.toLowerCase() === subject)
  const days = archive ? archive.deleteAfterDays : uniform(seed, subject, 'lifecycle') < 0.2 ? 30 : null
  if (days === null) return undefined
  const filters = archive
    ? { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['insights-logs-', 'insights-activity-logs'] }
    : { blobTypes: ['blockBlob'], prefixMatch: ['exports/'] }
  return ok({
    id: `${row.id}/managementPolicies/default`,
    name: 'DefaultManagementPolicy',
    type: 'Microsoft.Storage/storageAccounts/managementPolicies',
    properties: {
      lastModifiedTime: '2025-06-02T21:24:27.8474291Z',
      policy: {
        rules: [
          {
            enabled: true,
            name: archive ? 'delete-logs' : 'delete-exports',
            type: 'Lifecycle',
            definition: { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } }, filters },
          },
        ],
      },
    },
  })
}

/** The containers of an account that logs go to: the service makes one for each category. */
export function containersOf(subject: string, book: DestinationBook): Answer {
  const archive = book.archives.find((each) => each.id.toLowerCase() === subject)
  const names = archive
    ? ['insights-activity-logs', 'insights-logs-auditevent', 'insights-logs-storageread', 'insights-logs-storagewrite']
    : ['data']
  return ok({
    value: names.map((name) => ({
      id: `${subject}/blobServices/default/containers/${name}`,
      name,
      type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
      properties: { hasImmutabilityPolicy: false, hasLegalHold: false, immutableStorageWithVersioning: { enabled: false } },
    })),
  })
}
