/** What the codes in evidence say to people, by the name of the field that holds them. */
const evidenceWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  decidedBy: {
    policy: 'the policy names them for the type',
    'type-judgement': 'the nature of the type',
    'live-audit-group': 'Azure’s own audit group, as read from the live list',
    'catalogue-audit': 'the catalogue, which is certain that they are audit logs',
    'security-tables': 'the catalogue, which files their tables under security',
    'all-categories': 'no source names audit logs, so all categories',
    'sql-auditing': 'the audit of the SQL server',
    'platform-scope': 'the platform’s own log',
    unknown: 'nobody: no source says which are audit logs',
    none: 'nothing must be logged',
  },
  basis: {
    confirmed: 'confirmed by the policy',
    'activity-log-or-sentinel': 'proposed: receives an activity log, or has Sentinel',
    'most-used': 'proposed: most resources send there',
    none: 'none known',
  },
  kind: {
    workspace: 'Log Analytics workspace',
    'storage-account': 'storage account',
    'event-hub': 'event hub namespace',
    partner: 'partner solution',
  },
  state: {
    live: 'exists and takes data',
    approved: 'out of sight in whole or in part, approved by the policy',
    deleted: 'deleted',
    'not-ready': 'exists, but is not provisioned',
    closed: 'exists, but its firewall keeps out the services that write logs',
    unclear: 'exists, but whether it takes these logs is not told',
    filtered: 'exists, but may leave out these rows',
    unreadable: 'could not be read',
    unread: 'could not be read',
    absent: 'not there',
    onboarded: 'onboarded',
  },
  storageState: {
    live: 'exists and takes data',
    approved: 'out of sight in whole or in part, approved by the policy',
    deleted: 'deleted',
    'not-ready': 'exists, but is not provisioned',
    closed: 'exists, but its firewall keeps out the services that write logs',
    unclear: 'exists, but whether it takes these logs is not told',
    unreadable: 'could not be read',
  },
  acceptedAlternative: { 'external-siem': 'a security information system elsewhere, which the policy states' },
  correlation: { fusion: 'Fusion', 'defender-xdr': 'Microsoft Defender XDR', none: 'none' },
  by: { server: 'the server', database: 'the database itself', nothing: 'nothing' },
  from: { table: 'the table’s own figure', workspace: 'the workspace’s figure' },
  dnsProxy: { on: 'on', off: 'off', unclear: 'not told' },
  forwarded: { pass: 'its queries are logged', fail: 'its queries are not logged' },
  verdict: { pass: 'pass', fail: 'fail', unknown: 'unknown', 'not-applicable': 'not applicable' },
  tables: { unread: 'could not be read' },
  rules: { unread: 'could not be read' },
}

/** Fields that hold names as Azure or people wrote them, and no codes. */
const namedFields: ReadonlySet<string> = new Set([
  'name', 'setting', 'settings', 'logs', 'switchedOff', 'categories', 'category', 'oneOfEach', 'missing', 'undetermined', 'onlyToUnreadable', 'container', 'containers',
  'onlyCopies', 'onlyCopyOf', 'unclearCopies', 'unclear', 'exportedBy', 'rule', 'rules', 'streams', 'stream', 'type', 'associations', 'flowLog', 'subnets', 'subnetsWithout', 'linkedNetworks',
  'databasesWithOwnAudit', 'facilities', 'collected', 'regionsWithNetworks', 'regionsWithWatcher', 'everyCategory', 'publisher', 'assignment', 'table', 'os', 'network',
])

/** What a value in a field says; the value itself where it is no code. */
export function evidenceInWords(field: string, value: string): string {
  return evidenceWords[field]?.[value] ?? value
}

/** Codes in evidence that have no words: those of fields that hold codes, and what looks like one elsewhere. */
export function unwordedCodes(evidence: unknown, field = ''): string[] {
  if (Array.isArray(evidence)) return evidence.flatMap((one: unknown) => unwordedCodes(one, field))
  if (typeof evidence === 'object' && evidence !== null) return Object.entries(evidence).flatMap(([name, inner]: [string, unknown]) => unwordedCodes(inner, name))
  if (typeof evidence !== 'string' || evidenceWords[field]?.[evidence] !== undefined || namedFields.has(field)) return []
  return /^[a-z]+(?:-[a-z]+)+$/.test(evidence) || (evidenceWords[field] !== undefined && /^[a-z]+$/.test(evidence)) ? [`${field}: ${evidence}`] : []
}
