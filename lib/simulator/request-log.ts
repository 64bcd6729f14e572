const listedRequests = 2000

export interface LoggedRequest {
  method: string
  /** Path and query as sent. */
  url: string
  status: number
}

/** What was asked of a simulator: counts of everything, and the last requests in full. */
export class RequestLog {
  total = 0
  readonly byStatus: Record<number, number> = {}
  /** By kind of call, for example `diagnostic-settings`, `resource-graph`, `token`. */
  readonly byKind: Record<string, number> = {}
  /** The last 2,000, oldest first. */
  readonly recent: LoggedRequest[] = []

  add(kind: string, method: string, url: string, status: number): void {
    this.total++
    this.byStatus[status] = (this.byStatus[status] ?? 0) + 1
    this.byKind[kind] = (this.byKind[kind] ?? 0) + 1
    this.recent.push({ method, url, status })
    if (this.recent.length > listedRequests * 2) this.recent.splice(0, this.recent.length - listedRequests)
  }

  count(kind: string): number {
    return this.byKind[kind] ?? 0
  }

  status(status: number): number {
    return this.byStatus[status] ?? 0
  }

  /** Requests whose path and query match, among the last. */
  matching(pattern: RegExp): LoggedRequest[] {
    return this.recent.filter((each) => pattern.test(each.url))
  }

  clear(): void {
    this.total = 0
    this.recent.length = 0
    for (const counts of [this.byStatus, this.byKind]) for (const key of Object.keys(counts)) Reflect.deleteProperty(counts, key)
  }
}
