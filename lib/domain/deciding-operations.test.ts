import { expect, it } from 'vitest'
import { canDecide } from './deciding-operations'

it('knows the audit of support operations from that of the server', () => {
  const support = 'microsoft.sql/servers/devopsauditingsettings/write'
  const ordinary = 'microsoft.sql/servers/auditingsettings/write'
  expect(canDecide(support, 'sql-devops-audit')).toBe(true)
  expect(canDecide(ordinary, 'sql-devops-audit')).toBe(false)
  expect(canDecide(support, 'sql-audit-actions')).toBe(false)
  expect(canDecide(ordinary, 'sql-audit-actions')).toBe(true)
})
