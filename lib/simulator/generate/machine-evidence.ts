import { toResourceKey } from '@/lib/domain/arm-id'
import { dayMs } from '@/lib/domain/day'
import { ok, type Answer } from '../answer'
import { jsonAt, type JsonObject } from '../json'
import type { GraphRow } from '../graph-row'
import type { DestinationBook } from './destinations'
import type { Estate, SubscriptionPlan } from './estate'
import { serversPlan } from './security'

/** Associations of machines with data collection rules, as the table `insightsresources` has them. Some lead nowhere on purpose. */
export function ruleAssociations(estate: Estate): GraphRow[] {
  const rules = estate.resources.filter((row) => row.type === 'microsoft.insights/datacollectionrules')
  const machines = estate.resources.filter((row) => row.type === 'microsoft.compute/virtualmachines')
  return machines.flatMap((machine) => {
    const system = String(jsonAt(machine.properties, 'storageProfile', 'osDisk', 'osType'))
    const rule = rules.find((row) => row.kind === system)
    const draw = estate.draw('association', toResourceKey(machine.id))
    const endpoint = {
      dataCollectionEndpointId: `/subscriptions/${machine.subscriptionId}/resourceGroups/${machine.resourceGroup}/providers/Microsoft.Insights/dataCollectionEndpoints/dce-machines`,
    }
    if (rule === undefined || draw < 0.12) return []
    if (draw < 0.18) return [association(machine, 'configurationAccessEndpoint', endpoint)]
    if (draw < 0.22) return [association(machine, 'assoc-security', { dataCollectionRuleId: rule.id.replace(/[^/]+$/, 'dcr-retired-2023') })]
    const serving = association(machine, 'assoc-security', { dataCollectionRuleId: rule.id })
    return draw < 0.4 ? [association(machine, 'configurationAccessEndpoint', endpoint), serving] : [serving]
  })
}

/** What the query API of Log Analytics answers to the question what arrived of machines: in the central workspace most of them, some of which are off or silent. */
export function machineArrivals(estate: Estate, subject: string, book: DestinationBook): Answer {
  const columns = [{ name: 'machine', type: 'string' }, { name: 'heartbeat', type: 'bool' }, { name: 'events', type: 'bool' }]
  const machines = subject === toResourceKey(book.centralWorkspace) ? estate.resources.filter((row) => row.type === 'microsoft.compute/virtualmachines') : []
  const rows = machines.map(({ id }) => toResourceKey(id)).filter((key) => estate.draw('off', key) >= 0.1).map((key) => [key, true, estate.draw('silent', key) >= 0.15])
  return ok({ tables: [{ name: 'PrimaryResult', columns, rows }] })
}

/** Results of guest configuration, as the table `guestconfigurationresources` has them: on half of the machines, some of them old. */
export function guestAssignments(estate: Estate, now = Date.now()): GraphRow[] {
  return estate.resources
    .filter((row) => row.type === 'microsoft.compute/virtualmachines')
    .flatMap((machine) => {
      const key = toResourceKey(machine.id)
      if (estate.draw('guest', key) < 0.5) return []
      const windows = jsonAt(machine.properties, 'storageProfile', 'osDisk', 'osType') === 'Windows'
      const daysAgo = estate.draw('guest-age', key) < 0.1 ? 40 : 1
      const checked = new Date(Math.floor(now / dayMs - daysAgo) * dayMs).toISOString()
      const rows = [windows ? windowsBaseline(estate, machine, checked) : linuxBaseline(estate, machine, checked)]
      if (estate.draw('guest-time', key) < 0.5) rows.push(assignment(machine, windows ? 'ApprovedNtpServers' : 'ChronyHostClock', checked, estate.draw('time', key) < 0.6, []))
      if (!windows && estate.draw('guest-audit', key) < 0.5) rows.push(assignment(machine, 'AuditdExecve', checked, estate.draw('audit', key) < 0.6, []))
      return rows
    })
}

function windowsBaseline(estate: Estate, machine: GraphRow, checked: string): GraphRow {
  const passes = (rule: string, share: number): [string, boolean] => [rule, estate.draw(rule, toResourceKey(machine.id)) < share]
  const rules = [
    passes('[AuditPol]Audit Process Creation', 0.8),
    passes('[Registry]Include command line in process creation events', 0.5),
    passes('[AuditPol]Audit Logon', 0.9),
    passes('[SecurityPolicy]Minimum password length', 0.4),
  ]
  return assignment(machine, 'AzureWindowsBaseline', checked, rules.every(([, passed]) => passed), rules)
}

function linuxBaseline(estate: Estate, machine: GraphRow, checked: string): GraphRow {
  const rules: [string, boolean][] = [['[Service]Ensure a logging service is enabled', estate.draw('logging', toResourceKey(machine.id)) < 0.8]]
  return assignment(machine, 'AzureLinuxBaseline', checked, rules.every(([, passed]) => passed), rules)
}

function assignment(machine: GraphRow, name: string, checked: string, compliant: boolean, rules: [string, boolean][]): GraphRow {
  const complianceStatus = compliant ? 'Compliant' : 'NonCompliant'
  return extensionRow(machine, 'Microsoft.GuestConfiguration/guestConfigurationAssignments', name, {
    targetResourceId: machine.id,
    guestConfiguration: { name, version: '1.*', assignmentType: 'Audit' },
    complianceStatus,
    lastComplianceStatusChecked: checked,
    provisioningState: 'Succeeded',
    latestAssignmentReport: {
      complianceStatus,
      operationType: 'Consistency',
      resources: rules.map(([rule, passed]) => ({
        complianceStatus: String(passed),
        properties: { ConfigurationName: name, ResourceId: rule, InDesiredState: passed },
        reasons: passed ? [] : [{ phrase: `${rule.replace(/^\[[^\]]*\]/, '')}: not as expected`, code: 'BaselineSettingNotCompliant' }],
      })),
    },
  })
}

function association(machine: GraphRow, name: string, properties: JsonObject): GraphRow {
  return extensionRow(machine, 'Microsoft.Insights/dataCollectionRuleAssociations', name, properties)
}

/** What Defender for Cloud says: its plan for servers by subscription, and of some machines whether endpoint protection is there. */
export function endpointProtection(estate: Estate, plans: SubscriptionPlan[], book: DestinationBook): GraphRow[] {
  const machines = estate.resources.filter((row) => row.type === 'microsoft.compute/virtualmachines')
  const [like] = machines
  if (like === undefined) return []
  const pricing = plans.map(({ subscriptionId }): GraphRow => ({
    ...extensionRow(like, 'Microsoft.Security/pricings', 'VirtualMachines', { pricingTier: serversPlan(estate.seed, subscriptionId, book) ? 'Standard' : 'Free' }),
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`,
    subscriptionId,
    resourceGroup: '',
    location: '',
  }))
  const assessments = machines
    .filter((machine) => serversPlan(estate.seed, machine.subscriptionId, book) && estate.draw('assessed', toResourceKey(machine.id)) < 0.85)
    .flatMap((machine) => {
      const isFound = estate.draw('edr', toResourceKey(machine.id)) < 0.8
      const isWellSet = estate.draw('edr-issues', toResourceKey(machine.id)) < 0.9
      return [
        assessment(machine, '06e3a6db-6c0c-4ad9-943f-31d9d73ecf6c', 'EDR solution should be installed on Virtual Machines', isFound ? 'Healthy' : 'Unhealthy'),
        assessment(machine, 'dc5357d0-3858-4d17-a1a3-072840bff5be', 'EDR configuration issues should be resolved on virtual machines', isFound ? (isWellSet ? 'Healthy' : 'Unhealthy') : 'NotApplicable'),
      ]
    })
  return [...pricing, ...assessments]
}

function assessment(machine: GraphRow, key: string, displayName: string, code: string): GraphRow {
  return extensionRow(machine, 'Microsoft.Security/assessments', key, { displayName, status: { code }, resourceDetails: { Source: 'Azure', Id: machine.id } })
}

/** A row for what hangs on a machine by another provider. */
function extensionRow(machine: GraphRow, type: string, name: string, properties: JsonObject): GraphRow {
  return {
    ...machine,
    id: `${machine.id}/providers/${type}/${name}`,
    name,
    type: type.toLowerCase(),
    kind: '',
    sku: null,
    plan: null,
    identity: null,
    zones: null,
    tags: null,
    properties,
  }
}
