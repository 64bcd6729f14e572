import type { JsonObject } from '../json'
import { guid } from '../random'
import type { Estate } from './estate'

export function workspaceProperties(estate: Estate, name: string, retentionInDays: number): JsonObject {
  return {
    customerId: guid(estate.seed, 'workspace', name),
    sku: { name: 'PerGB2018', lastSkuUpdate: '2024-02-19T08:11:02.1130000Z' },
    retentionInDays,
    features: { legacy: 0, searchVersion: 1, enableLogAccessUsingOnlyResourcePermissions: true },
    workspaceCapping: { dailyQuotaGb: -1, quotaNextResetTime: '2026-01-20T10:00:00Z', dataIngestionStatus: 'RespectQuota' },
    publicNetworkAccessForIngestion: 'Enabled',
    publicNetworkAccessForQuery: 'Enabled',
  }
}
