/** The ten key points of security logging, in the order of the Azure Security Benchmark v1 (2.1 to 2.10). */
export const keyPoints = [
  { slug: 'time-sync', title: 'Approved time synchronization sources', benchmark: 'ASB v1 2.1' },
  { slug: 'central-log-management', title: 'Central security log management', benchmark: 'ASB v1 2.2' },
  { slug: 'audit-logging', title: 'Audit logging for Azure resources', benchmark: 'ASB v1 2.3' },
  { slug: 'os-security-logs', title: 'Security logs from operating systems', benchmark: 'ASB v1 2.4' },
  { slug: 'log-retention', title: 'Security log storage retention', benchmark: 'ASB v1 2.5' },
  { slug: 'log-review', title: 'Monitor and review logs', benchmark: 'ASB v1 2.6' },
  { slug: 'anomaly-alerts', title: 'Alerts for anomalous activities', benchmark: 'ASB v1 2.7' },
  { slug: 'antimalware-logging', title: 'Centralized anti-malware logging', benchmark: 'ASB v1 2.8' },
  { slug: 'dns-query-logging', title: 'DNS query logging', benchmark: 'ASB v1 2.9' },
  { slug: 'command-line-auditing', title: 'Command-line audit logging', benchmark: 'ASB v1 2.10' },
] as const

export type KeyPoint = (typeof keyPoints)[number]['slug']

/** The slugs alone, in order. */
export const keyPointSlugs: readonly KeyPoint[] = keyPoints.map((k) => k.slug)

/** Slugs that mean nothing any more stay as they are. */
export function keyPointTitle(slug: string): string {
  return keyPoints.find((keyPoint) => keyPoint.slug === slug)?.title ?? slug
}

export function isKeyPoint(value: string): value is KeyPoint {
  return keyPointSlugs.some((slug) => slug === value)
}
