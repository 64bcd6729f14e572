import type { CheckSource } from '@/lib/domain/check'

export const sqlAuditSources: readonly CheckSource[] = [
  { title: 'Auditing for Azure SQL Database', url: 'https://learn.microsoft.com/azure/azure-sql/database/auditing-overview' },
  { title: 'Set up auditing for Azure SQL Database', url: 'https://learn.microsoft.com/azure/azure-sql/database/auditing-setup' },
]
