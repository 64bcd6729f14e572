import { expect, it } from 'vitest'
import { reportFileName } from './file-name'

it.each([
  ['Contoso', '2026-11-26T03:45:12.345Z', [], 'keypoint-contoso-20261126T0345Z.csv'],
  ['Müller & Söhne', '2026-11-26T03:45:12.345Z', ['fail', 'microsoft.keyvault/vaults'], 'keypoint-muller-sohne-20261126T0345Z-fail-microsoft-keyvault-vaults.csv'],
  ['../../etc"\r\nx: y', '2026-01-02T03:04:05.000Z', ['=cmd|'], 'keypoint-etc-x-y-20260102T0304Z-cmd.csv'],
  ['日本', '2026-01-02T03:04:05.000Z', ['…'], 'keypoint-20260102T0304Z.csv'],
])('%j at %s with %j', (tenant, at, filters, expected) => {
  expect(reportFileName(tenant, at, filters, 'csv')).toBe(expected)
})

it('is never too long for a file system', () => {
  expect(reportFileName('a'.repeat(300), '2026-01-02T03:04:05.000Z', ['b'.repeat(300)], 'json').length).toBeLessThan(130)
})
