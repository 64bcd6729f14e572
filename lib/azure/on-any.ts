/** True when an alert rule that counts rows is raised by a single one. */
export function isOnAny(operator: string | null, threshold: number | null): boolean {
  if (threshold === null) return false
  switch (operator?.toLowerCase()) {
    case 'greaterthan': return threshold < 1
    case 'greaterthanorequal': return threshold <= 1
    case 'notequal': return threshold === 0
    default: return false
  }
}
