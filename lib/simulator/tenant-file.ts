import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { toResourceKey, typeOf } from '@/lib/domain/arm-id'
import { KeypointError } from '@/lib/errors'
import type { Answer } from './answer'
import type { GraphRow } from './graph-row'
import type { JsonObject } from './json'
import { SimulatedTenant, type FactKind, type ManagementGroupNode } from './tenant'

const json: z.ZodType<JsonObject> = z.record(z.string(), z.json())
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const bag = json.nullish().transform((value) => value ?? null)

const row = z.object({
  id: z.string().startsWith('/'),
  name: z.string(),
  type: z.string().toLowerCase(),
  tenantId: z.string(),
  kind: text,
  location: text,
  resourceGroup: text,
  subscriptionId: text,
  managedBy: text,
  sku: bag,
  plan: bag,
  properties: json.nullish().transform((value) => value ?? {}),
  tags: bag,
  identity: bag,
  zones: z
    .array(z.json())
    .nullish()
    .transform((value) => value ?? null),
  extendedLocation: bag,
})

const body = z.object({ body: json })
const scoped = z.array(body.extend({ scope: z.string() }))
const listed = z.array(body)
const byId = z.record(z.string(), body.extend({ status: z.number().optional() }))

/** The keys of a tenant file that are served; everything else in it (provenance, counts, sources) is left alone. */
const tenantFile = z.object({
  about: z.object({ tenantId: z.string().min(1), tenantDisplayName: z.string().default('Tenant') }),
  subscriptions: z.array(
    z.object({
      body: json.and(
        z.object({
          id: z.string(),
          subscriptionId: z.string(),
          tenantId: z.string(),
          displayName: z.string(),
          state: z.string(),
        }),
      ),
    }),
  ),
  managementGroups: body.extend({ scope: z.string() }),
  resourceContainers: z.array(row),
  resources: z.array(row),
  diagnosticSettings: z.record(z.string(), z.array(json)),
  diagnosticSettingsCategories: z.record(z.string(), body),
  subscriptionDiagnosticSettings: scoped,
  managementGroupDiagnosticSettings: scoped,
  aadDiagnosticSettings: body,
  workspaceTables: byId,
  dcrAssociations: byId.default({}),
  pricings: scoped.default([]),
  securityContacts: scoped.default([]),
  autoProvisioningSettings: scoped.default([]),
  guestConfiguration: byId.default({}),
  dnsResolverPolicies: z.array(z.object({ policy: body, dnsSecurityRules: listed, virtualNetworkLinks: listed })).default([]),
  sqlAuditing: z.record(z.string(), z.object({ auditingSettings: json, databases: z.record(z.string(), json).optional() })),
  storageManagementPolicies: byId,
  sentinelOnboarding: z.array(body.extend({ workspace: z.string(), status: z.number().optional() })),
  activityLogEvents: z.array(body.extend({ scope: z.string() })).default([]),
})

type TenantFile = z.output<typeof tenantFile>

/**
 * Reads a tenant file into a tenant that can be served.
 * @throws KeypointError `invalid` when the file is missing, is no JSON or has another shape.
 */
export function loadTenantFile(path: string): SimulatedTenant {
  const parsed = tenantFile.safeParse(readJson(path))
  if (!parsed.success) {
    const first = parsed.error.issues[0]
    const where = first ? `${first.path.join('.') || 'the top level'}: ${first.message}` : 'unknown shape'
    throw new KeypointError(
      'invalid',
      `The tenant file ${path} does not have the shape of a tenant (${where}).`,
      'Give a file that holds subscriptions, resources and their settings, or use generated:1200:1.',
      { cause: parsed.error },
    )
  }
  return tenantOf(parsed.data)
}

function readJson(path: string): unknown {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'does not exist' : 'cannot be read'
    throw new KeypointError(
      'invalid',
      `The tenant file ${path} ${why}.`,
      'Check the path and its permissions, or use generated:1200:1.',
      {
        cause: error,
      },
    )
  }
  try {
    return JSON.parse(content)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new KeypointError(
      'invalid',
      `The tenant file ${path} is not valid JSON: ${why}.`,
      'Restore the file or make it anew.',
      {
        cause: error,
      },
    )
  }
}

function tenantOf(file: TenantFile): SimulatedTenant {
  const facts = factsOf(file)
  const groups = groupsOf(file)
  const events = new Map<string, JsonObject[]>()
  for (const { scope, body: event } of file.activityLogEvents) {
    const id = scope.split('/').at(-1)?.toLowerCase() ?? ''
    events.set(id, [...(events.get(id) ?? []), event])
  }
  for (const list of events.values()) list.sort((a, b) => String(b.eventTimestamp).localeCompare(String(a.eventTimestamp)))
  return new SimulatedTenant({
    tenantId: file.about.tenantId,
    displayName: file.about.tenantDisplayName,
    subscriptions: file.subscriptions.map((each) => each.body),
    managementGroups: groups.nodes,
    placement: groups.placement,
    tables: {
      resources: file.resources,
      resourcecontainers: containersOf(file),
      insightsresources: childRows(file, file.dcrAssociations),
      guestconfigurationresources: childRows(file, file.guestConfiguration),
      securityresources: file.pricings.flatMap((each) =>
        valuesOf(each.body).map((plan) => rowOf(file, plan, each.scope.split('/').at(-1) ?? '')),
      ),
    },
    events,
    facts: (kind, subject) => facts.get(`${kind} ${subject}`) ?? categoriesOf(file, kind, subject),
  })
}

/** Everything that is kept by id, under kind and key. */
function factsOf(file: TenantFile): Map<string, Answer> {
  const facts = new Map<string, Answer>()
  const put = (kind: FactKind, id: string, answer: unknown, status = 200) =>
    facts.set(`${kind} ${toResourceKey(id)}`, { status, body: answer })

  for (const [id, value] of Object.entries(file.diagnosticSettings)) put('diagnostic-settings', id, { value })
  for (const each of [...file.subscriptionDiagnosticSettings, ...file.managementGroupDiagnosticSettings])
    put('diagnostic-settings', each.scope, each.body)
  put('diagnostic-settings', '/providers/microsoft.aadiam', file.aadDiagnosticSettings.body)
  const keyed: [FactKind, TenantFile['workspaceTables']][] = [
    ['workspace-tables', file.workspaceTables],
    ['dcr-associations', file.dcrAssociations],
    ['guest-assignments', file.guestConfiguration],
    ['lifecycle', file.storageManagementPolicies],
  ]
  for (const [kind, entries] of keyed) for (const [id, each] of Object.entries(entries)) put(kind, id, each.body, each.status)
  const lists: [FactKind, TenantFile['pricings']][] = [
    ['pricings', file.pricings],
    ['security-contacts', file.securityContacts],
    ['auto-provisioning', file.autoProvisioningSettings],
  ]
  for (const [kind, entries] of lists) for (const each of entries) put(kind, each.scope, each.body)
  for (const each of file.sentinelOnboarding) put('sentinel-onboarding', each.workspace, each.body, each.status)
  for (const [id, each] of Object.entries(file.sqlAuditing)) {
    put('sql-auditing', id, each.auditingSettings)
    for (const [database, settings] of Object.entries(each.databases ?? {})) put('sql-auditing', database, settings)
  }
  for (const [id, settings] of Object.entries(file.diagnosticSettings)) {
    // Where a tenant file tells nothing of the auditing of Synapse and a setting carries it, it was turned on with the setting, as the portal does.
    if (/\/microsoft\.synapse\//i.test(id) && !(id in file.sqlAuditing) && carriesAudit(settings)) put('sql-auditing', id, { properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true, retentionDays: 0, auditActionsAndGroups: defaultAuditGroups } })
  }
  putDnsPolicies(file, put)
  return facts
}

const defaultAuditGroups = ['BATCH_COMPLETED_GROUP', 'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP', 'FAILED_DATABASE_AUTHENTICATION_GROUP']

const enabledLogs = z.object({ properties: z.object({ logs: z.array(z.object({ enabled: z.boolean(), category: z.string().nullish(), categoryGroup: z.string().nullish() })) }) })

/** True where an enabled log of a setting holds the audit events of a SQL pool. */
function carriesAudit(settings: JsonObject[]): boolean {
  return settings.some((setting) => enabledLogs.safeParse(setting).data?.properties.logs.some(({ enabled, category, categoryGroup }) =>
    enabled && (['audit', 'alllogs'].includes(categoryGroup?.toLowerCase() ?? '') || category?.toLowerCase() === 'sqlsecurityauditevents')))
}

function putDnsPolicies(file: TenantFile, put: (kind: FactKind, id: string, answer: unknown) => void): void {
  const bySubscription = new Map<string, JsonObject[]>()
  for (const { policy, dnsSecurityRules, virtualNetworkLinks } of file.dnsResolverPolicies) {
    const id = String(policy.body.id)
    const subscription = id.split('/').slice(0, 3).join('/')
    bySubscription.set(subscription, [...(bySubscription.get(subscription) ?? []), policy.body])
    put('dns-links', id, { value: virtualNetworkLinks.map((each) => each.body) })
    put('dns-rules', id, { value: dnsSecurityRules.map((each) => each.body) })
  }
  for (const [subscription, policies] of bySubscription) put('dns-policies', subscription, { value: policies })
}

/** The category list of a type, with the ids of the resource that was asked. */
function categoriesOf(file: TenantFile, kind: FactKind, subject: string): Answer | undefined {
  const found = kind === 'diagnostic-settings-categories' ? file.diagnosticSettingsCategories[typeOf(subject) ?? ''] : undefined
  if (!found) return undefined
  const prefix = `${subject}/providers/microsoft.insights/diagnosticSettingsCategories`
  return { status: 200, body: { value: valuesOf(found.body).map((each) => ({ ...each, id: `${prefix}/${String(each.name)}` })) } }
}

function groupsOf(file: TenantFile): { nodes: ManagementGroupNode[]; placement: Map<string, string> } {
  const root = file.managementGroups.scope.split('/').at(-1) ?? file.about.tenantId
  const nodes: ManagementGroupNode[] = [{ name: root, displayName: 'Tenant Root Group', parent: null }]
  const placement = new Map<string, string>()
  for (const entry of valuesOf(file.managementGroups.body)) {
    const name = String(entry.name)
    const parsed = z.object({ displayName: z.string(), parent: z.object({ id: z.string() }) }).safeParse(entry.properties)
    const parent = parsed.success ? (parsed.data.parent.id.split('/').at(-1) ?? root) : root
    if (String(entry.type).toLowerCase().endsWith('/subscriptions')) placement.set(name.toLowerCase(), parent)
    else nodes.push({ name, displayName: parsed.success ? parsed.data.displayName : name, parent })
  }
  return { nodes, placement }
}

/** Resource groups as the file has them, and the subscriptions as Resource Graph adds them. */
function containersOf(file: TenantFile): GraphRow[] {
  const subscriptions = file.subscriptions.map(({ body: each }) =>
    rowOf(
      file,
      {
        id: each.id,
        name: each.displayName,
        type: 'microsoft.resources/subscriptions',
        tags: each.tags ?? null,
        properties: { state: each.state },
      },
      each.subscriptionId,
    ),
  )
  return [...subscriptions, ...file.resourceContainers]
}

function childRows(file: TenantFile, entries: TenantFile['workspaceTables']): GraphRow[] {
  return Object.entries(entries).flatMap(([id, each]) =>
    valuesOf(each.body).map((child) => rowOf(file, child, id.split('/')[2] ?? '')),
  )
}

function rowOf(file: TenantFile, from: JsonObject, subscriptionId: string): GraphRow {
  const resourceGroup = /\/resourcegroups\/([^/]+)/i.exec(String(from.id))?.[1]?.toLowerCase() ?? ''
  return row.parse({
    ...from,
    tenantId: file.about.tenantId,
    subscriptionId,
    resourceGroup,
    type: String(from.type).toLowerCase(),
  })
}

function valuesOf(list: JsonObject): JsonObject[] {
  return z.array(json).parse(list.value ?? [])
}
