import type { ResourceKey } from './arm-id'

/** Types whose categories depend on the kind of the resource, and what of the kind they depend on. */
const kindsThatMatter: Readonly<Record<string, (kind: string) => string>> = {
  'microsoft.web/sites': appKind,
  'microsoft.web/sites/slots': appKind,
  'microsoft.sql/servers/databases': (kind) => (kind.includes('datawarehouse') ? 'datawarehouse' : ''),
  'microsoft.cognitiveservices/accounts': (kind) => kind,
  'microsoft.cdn/profiles': (kind) => kind,
}

/** `functionapp,linux,workflowapp` is a logic app, `functionapp,linux` a function app; the system makes no difference. */
function appKind(kind: string): string {
  return ['workflowapp', 'functionapp'].find((word) => kind.includes(word)) ?? 'app'
}

interface Kinded {
  /** In lower case. */
  type: string
  location: string
  kind: string | null
}

/** Subject of the category list of a resource: of its type in its region, and of what of its kind matters. */
export function categoriesSubjectOf({ type, location, kind }: Kinded): ResourceKey {
  return subject(type, location, kindsThatMatter[type]?.((kind ?? '').toLowerCase()) ?? '')
}

/** Where to look for the list of a resource: under what of its kind matters, and then where a release that told kinds apart otherwise stored it. */
export function categoriesSubjectsOf({ type, location, kind }: Kinded): ResourceKey[] {
  return [...new Set([categoriesSubjectOf({ type, location, kind }), subject(type, location, ''), subject(type, location, kind ?? '')])]
}

function subject(type: string, location: string, kind: string): ResourceKey {
  return `categories:${type}|${location.toLowerCase()}|${kind.toLowerCase()}` as ResourceKey
}
