/** What the key of every management group begins with; its name follows in lower case. */
export const managementGroupPrefix = '/providers/microsoft.management/managementgroups/'

/** The key of a management group by its name. */
export function managementGroupKey(name: string): string {
  return managementGroupPrefix + name.toLowerCase()
}

/** Whether it can be the name of a management group, which is its id and not its display name. */
export function isManagementGroupName(text: string): boolean {
  return /^[\w().-]{1,90}$/.test(text)
}
