import { describe, expect, it } from 'vitest'
import { checks } from '@/lib/checks'
import { checksNeeding, neededActions, roleDefinition } from './rights'

describe('the rights that a scan needs', () => {
  it('hold those of every check that is on by default, and reading alone', () => {
    const needed = neededActions()
    for (const check of checks.filter(({ optional }) => optional !== true)) {
      for (const action of check.permissions) if (!/^microsoft\.(aadiam|management)\//i.test(action)) expect(needed, check.id).toContain(action)
    }
    expect(needed.filter((action) => !/\/read$/i.test(action))).toEqual([])
    expect(new Set(needed.map((action) => action.toLowerCase())).size).toBe(needed.length)
  })

  it('make a role for the whole tenant', () => {
    expect(roleDefinition('t')).toMatchObject({ IsCustom: true, AssignableScopes: ['/providers/Microsoft.Management/managementGroups/t'], NotActions: [], DataActions: [] })
  })

  it('name the checks that go without', () => {
    expect(checksNeeding('microsoft.operationalinsights/WORKSPACES/tables/read')).toContain('workspace-retention')
  })
})
