/** Absolute addresses of pages; their paths are those of components/links.ts, which a test compares. */
export interface Links {
  scan(scanId: string): string
  /** What changed between two scans, of all subscriptions that were read until the first of them. */
  news(from: string, to: string): string
  resource(resourceId: string): string
  exemptions: string
  schedules: string
  channels: string
}

/** @param baseUrl the public base URL, without a slash at its end. */
export function linksOf(baseUrl: string): Links {
  return {
    scan: (scanId) => `${baseUrl}/scans/${encodeURIComponent(scanId)}`,
    news: (from, to) => `${baseUrl}/scans/compare?${new URLSearchParams({ from, to, of: 'all-known' })}`,
    resource: (resourceId) => `${baseUrl}/resources/view?id=${encodeURIComponent(resourceId).replaceAll('%2F', '/')}`,
    exemptions: `${baseUrl}/exemptions`,
    schedules: `${baseUrl}/schedules`,
    channels: `${baseUrl}/settings/notifications`,
  }
}
