/** A person of the test tenant. `tenantId` differs from the server's for a guest of another tenant. */
export interface TestUser {
  objectId: string
  name: string
  username: string
  roles: string[]
  tenantId?: string
}

export const users = {
  reader: { objectId: '10000000-0000-4000-8000-000000000001', name: 'Rita Reader', username: 'rita@contoso.example', roles: ['Keypoint.Reader'] },
  operator: { objectId: '10000000-0000-4000-8000-000000000002', name: 'Otto Operator', username: 'otto@contoso.example', roles: ['Keypoint.Operator'] },
  admin: { objectId: '10000000-0000-4000-8000-000000000003', name: 'Ada Admin', username: 'ada@contoso.example', roles: ['Keypoint.Admin'] },
  noRole: { objectId: '10000000-0000-4000-8000-000000000004', name: 'Nora Norole', username: 'nora@contoso.example', roles: ['Payroll.Clerk'] },
  stranger: { objectId: '10000000-0000-4000-8000-000000000005', name: 'Stan Stranger', username: 'stan@fabrikam.example', roles: ['Keypoint.Admin'], tenantId: '99999999-9999-4999-8999-999999999999' },
} satisfies Record<string, TestUser>
