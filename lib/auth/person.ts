/** The app roles of the sign-in app registration, from least to most: each includes the ones before it. */
export const appRoles = ['Keypoint.Reader', 'Keypoint.Operator', 'Keypoint.Admin'] as const
export type AppRole = (typeof appRoles)[number]

/** Who is asking. */
export interface Person {
  objectId: string
  name: string
  username: string
  roles: AppRole[]
  /** True for the one who looks at the built-in demo, where nobody signs in. */
  demo: boolean
  /** Key of the session row; null in the demo. */
  sessionId: string | null
}

export const demoPerson: Person = {
  objectId: '00000000-0000-0000-0000-000000000000',
  name: 'Demo visitor',
  username: 'demo',
  roles: [...appRoles],
  demo: true,
  sessionId: null,
}

/** True when one of the person's roles is `role` or includes it. */
export function hasRole(person: Pick<Person, 'roles'>, role: AppRole): boolean {
  return person.roles.some((held) => appRoles.indexOf(held) >= appRoles.indexOf(role))
}

/** The known app roles among the values of a `roles` claim; roles of other meanings are dropped. */
export function toAppRoles(values: readonly unknown[]): AppRole[] {
  return appRoles.filter((role) => values.includes(role))
}

/** What a role lets a person do, as it completes "to …". */
export const roleAllows: Record<AppRole, string> = {
  'Keypoint.Reader': 'see scores, findings and reports',
  'Keypoint.Operator': 'start, schedule and cancel scans',
  'Keypoint.Admin': 'change the policy and the notifications, and approve exemptions',
}
