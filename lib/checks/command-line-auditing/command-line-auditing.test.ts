import { describe } from 'vitest'
import type { GuestAssignment } from '@/lib/domain/estate'
import type { Collected } from '@/lib/domain/collected'
import type { EstateLiteral } from '../testing/estate-builder'
import { refused, unseen, workspaceId } from '../testing/literals'
import { guestOf, staleDay } from '../testing/guest-results'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'
import { arcMachine, extensionOf, linuxMachine, scaleSet, served, windowsMachine, type RuleLiteral } from '../testing/machine-estate'
import { edrAlternative } from './edr-alternative'

const win = windowsMachine.id
const lin = linuxMachine.id
const commandLine = '[Registry]Include command line in process creation events'
const creation = '[AuditPol]Audit Process Creation'

function windows(...guest: GuestAssignment[]): EstateLiteral {
  return { resources: [windowsMachine], guest: { [win]: guest } }
}
const managed = { ...windowsMachine, resourceGroup: 'MC_rg_aks_weu' }
const accepts = { acceptedAlternatives: [edrAlternative.id] }
const both = { [commandLine]: true, [creation]: true }

const windowsCases: JudgedCase[] = [
  { because: 'both rules passed, though the baseline as a whole did not', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', both)), of: win, verdict: 'pass', severity: 'medium' },
  { because: 'the rules are known by their numbers too', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { 'CCE-36925-6': true, 'CCE-36059-4': true })), of: win, verdict: 'pass' },
  { because: 'a compliant baseline passed every rule in it', estate: windows(guestOf('AzureWindowsBaseline', 'Compliant')), of: win, verdict: 'pass' },
  { because: 'detailed tracking tells the audit, the baseline the command line', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [commandLine]: true }), guestOf('AzureBaseline_SystemAuditPoliciesDetailedTracking', 'Compliant')), of: win, verdict: 'pass' },
  { because: 'an Arc machine is asked alike', estate: { resources: [arcMachine], guest: { [arcMachine.id]: [guestOf('AzureWindowsBaseline', 'NonCompliant', both)] } }, of: arcMachine.id, verdict: 'pass' },
  { because: 'the command line is left out', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [commandLine]: false, [creation]: true })), of: win, verdict: 'fail', says: 'command line is left out' },
  { because: 'process creation is not audited', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [commandLine]: true, [creation]: false })), of: win, verdict: 'fail', says: 'not audited' },
  { because: 'one rule failed and the other is not reported', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [creation]: false })), of: win, verdict: 'fail' },
  { because: 'of two reports the one that failed counts', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', both), guestOf('Custom', 'NonCompliant', { [commandLine]: false })), of: win, verdict: 'fail' },
  { because: 'the baseline is not compliant and names neither rule', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant')), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: 'does not name it' },
  { because: 'one rule passed and the other is not reported', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [commandLine]: true })), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'nothing tells, and the policy accepts the sensor that is there', estate: { ...windows(), resources: [windowsMachine, extensionOf(windowsMachine, 'defender')], policy: accepts }, of: win, verdict: 'pass', says: 'which the policy accepts' },
  { because: 'the policy accepts a sensor that is not there', estate: { ...windows(), policy: accepts }, of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the policy accepts a sensor that was not provisioned', estate: { ...windows(), resources: [windowsMachine, extensionOf(windowsMachine, 'defender', 'Failed')], policy: accepts }, of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the sensor is there and the policy does not say that it counts', estate: { ...windows(), resources: [windowsMachine, extensionOf(windowsMachine, 'defender')] }, of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'what failed is not cured by a sensor', estate: { ...windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [commandLine]: false })), resources: [windowsMachine, extensionOf(windowsMachine, 'defender')], policy: accepts }, of: win, verdict: 'fail' },
  { because: 'a refusal is not cured by a sensor', estate: { resources: [windowsMachine, extensionOf(windowsMachine, 'defender')], guest: { [win]: refused }, policy: accepts }, of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'another assignment being compliant proves nothing', estate: windows(guestOf('WindowsDefenderExploitGuard', 'Compliant')), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'nothing is assigned', estate: windows(), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: 'no guest configuration' },
  { because: 'the report is a month old', estate: windows(guestOf('AzureWindowsBaseline', 'Compliant', both, staleDay)), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: staleDay },
  { because: 'a stale failure is no failure', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [commandLine]: false }, staleDay)), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the result is pending', estate: windows(guestOf('AzureWindowsBaseline', 'Pending', both)), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: 'pending' },
  { because: 'the table was refused', estate: { resources: [windowsMachine], guest: { [win]: refused } }, of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the table was never read', estate: { resources: [windowsMachine] }, of: win, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'Linux has no such settings', estate: { resources: [linuxMachine] }, of: lin, verdict: 'not-applicable' },
  { because: 'a service runs the machine', estate: { resources: [managed] }, of: win, verdict: 'not-applicable' },
  { because: 'a scale set is not asked', estate: { resources: [scaleSet({ os: 'Windows', agents: ['Windows'] })] }, of: scaleSet().id, verdict: 'none' },
]

const collects = (rule: RuleLiteral): EstateLiteral => served({ machine: windowsMachine, rules: [rule] })
const collectedCases: JudgedCase[] = [
  { because: 'the whole channel holds the event', estate: collects({ windows: ['Security!*'] }), of: win, verdict: 'pass', severity: 'medium' },
  { because: 'the audited events hold it', estate: collects({ windows: ['Security!*[System[(band(Keywords,13510798882111488))]]'] }), of: win, verdict: 'pass' },
  { because: 'the event alone will do', estate: collects({ windows: ['Security!*[System[(EventID=4688)]]'] }), of: win, verdict: 'pass' },
  { because: 'a transformation drops the event', estate: collects({ windows: ['Security!*'], transformKql: 'source | where EventID != 4688' }), of: win, verdict: 'fail', says: 'a transformation' },
  { because: 'a transformation drops another, and is shown', estate: collects({ windows: ['Security!*'], transformKql: 'source | where EventID != 5156' }), of: win, verdict: 'pass', says: 'transformation' },
  { because: 'a transformation drops some processes', estate: collects({ windows: ['Security!*'], transformKql: 'source | where not(EventID == 4688 and NewProcessName has "svchost")' }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'sign-ins are no process creation', estate: collects({ windows: ['Security!*[System[(EventID=4624)]]'] }), of: win, verdict: 'fail', says: 'leave it out' },
  { because: 'a source without a flow brings nothing', estate: collects({ windows: ['Security!*'], flowOf: null }), of: win, verdict: 'fail', says: 'no flow' },
  { because: 'the workspace is gone', estate: collects({ windows: ['Security!*'], workspace: workspaceId('old') }), of: win, verdict: 'fail', says: 'no longer exists' },
  { because: 'no rule is associated', estate: served({ machine: windowsMachine }), of: win, verdict: 'fail' },
  { because: 'the query asks for the event’s data', estate: collects({ windows: ["Security!*[System[(EventID=4688)] and EventData[Data[@Name='NewProcessName']='x']]"] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the workspace is out of sight', estate: collects({ windows: ['Security!*'], workspace: workspaceId('soc', unseen) }), of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the agent is missing', estate: served({ machine: windowsMachine, agent: null, rules: [{ windows: ['Security!*'] }] }), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'Linux has no event 4688', estate: { resources: [linuxMachine] }, of: lin, verdict: 'not-applicable' },
]

const audits = guestOf('Custom_auditd_execve', 'Compliant')
function linux(guest: GuestAssignment[] | Collected<never>, rules: RuleLiteral[] = [{ facilities: ['*'] }]): EstateLiteral {
  return served({ machine: linuxMachine, rules }, { guest: { [lin]: guest } })
}
const eight = Array.from({ length: 8 }, (_, at) => `Local${at}`)
const linuxCases: JudgedCase[] = [
  { because: 'auditd records execve and all of syslog is collected', estate: linux([audits]), of: lin, verdict: 'pass', severity: 'medium' },
  { because: 'the audit log is collected as a file', estate: linux([audits], [{ files: ['/var/log/audit/audit.log'] }]), of: lin, verdict: 'pass' },
  { because: 'a rule on execve in any report will do', estate: linux([guestOf('Custom', 'NonCompliant', { '[Audit]execve is recorded': true })]), of: lin, verdict: 'pass' },
  { because: 'the custom configuration is not compliant', estate: linux([guestOf('Custom_auditd_execve', 'NonCompliant')]), of: lin, verdict: 'fail' },
  { because: 'the records stay on the machine', estate: linux([audits], []), of: lin, verdict: 'fail', says: 'stay on the machine' },
  { because: 'auditd writes to none of the facilities that are collected', estate: linux([audits], [{ facilities: ['cron', 'mail', 'kern'] }]), of: lin, verdict: 'fail', says: 'no facility that it can be told' },
  { because: 'auditd writes at info, and the rule begins at error', estate: linux([audits], [{ facilities: ['local6'], levels: ['Error', 'Critical'] }]), of: lin, verdict: 'fail' },
  { because: 'auditd may have been told another facility', estate: linux([audits], [{ facilities: ['cron', 'LOCAL6', 'user'], levels: ['Info', 'Notice'] }]), of: lin, verdict: 'unknown', reasonCode: 'unsupported', says: 'user and local6 are collected, others that it can be told are not' },
  { because: 'auditd can be told daemon, too', estate: linux([audits], [{ facilities: ['daemon'] }]), of: lin, verdict: 'unknown', reasonCode: 'unsupported', says: 'daemon is collected' },
  { because: 'two rules together take all that auditd can be told', estate: linux([audits], [{ name: 'a', facilities: ['user', 'auth', 'authpriv', 'daemon', 'syslog'] }, { name: 'b', facilities: eight }]), of: lin, verdict: 'pass' },
  { because: 'a transformation drops the facility that auditd ships with', estate: linux([audits], [{ facilities: ['*'], transformKql: "source | where Facility != 'user'" }]), of: lin, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a transformation drops every facility that auditd can be told', estate: linux([audits], [{ facilities: ['*'], transformKql: "source | where Facility == 'cron'" }]), of: lin, verdict: 'fail', says: 'a transformation drops' },
  { because: 'a transformation looks at the text', estate: linux([audits], [{ facilities: ['*'], transformKql: "source | where SyslogMessage !has 'EXECVE'" }]), of: lin, verdict: 'unknown', reasonCode: 'unsupported', says: 'a transformation' },
  { because: 'a transformation looks at the text of the audit log', estate: linux([audits], [{ files: ['/var/log/audit/*.log'], transformKql: "source | where RawData has 'USER_LOGIN'" }]), of: lin, verdict: 'unknown', reasonCode: 'unsupported', says: 'a transformation' },
  { because: 'a pattern holds the audit log', estate: linux([audits], [{ files: ['/var/log/audit/*.log'], transformKql: 'source | project-away FilePath' }]), of: lin, verdict: 'pass', says: 'its log is collected' },
  { because: 'the audit of something else may be collected', estate: linux([audits], [{ files: ['/var/log/mysql/audit.log'] }]), of: lin, verdict: 'unknown', reasonCode: 'unsupported', says: '/var/log/mysql/audit.log is its log' },
  { because: 'where nothing tells what is collected the accepted sensor counts', estate: served({ machine: linuxMachine, rules: [{ facilities: ['user'] }], more: [extensionOf(linuxMachine, 'defender')] }, { guest: { [lin]: [audits] }, policy: accepts }), of: lin, verdict: 'pass', says: 'which the policy accepts' },
  { because: 'another log file is not the audit’s', estate: linux([audits], [{ files: ['/var/log/nginx/*.log'] }]), of: lin, verdict: 'fail' },
  { because: 'the built-in baseline does not ask for execve', estate: linux([guestOf('AzureLinuxBaseline', 'Compliant')]), of: lin, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'nothing is assigned', estate: linux([]), of: lin, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the report is a month old', estate: linux([guestOf('Custom_auditd_execve', 'Compliant', {}, staleDay)]), of: lin, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the table was refused', estate: linux(refused), of: lin, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'without the agent the accepted sensor counts', estate: served({ machine: linuxMachine, agent: null, more: [extensionOf(linuxMachine, 'defender')] }, { guest: { [lin]: [audits] }, policy: accepts }), of: lin, verdict: 'pass' },
  { because: 'without the agent nothing is collected', estate: served({ machine: linuxMachine, agent: null }, { guest: { [lin]: [audits] } }), of: lin, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'Windows has checks of its own', estate: { resources: [windowsMachine] }, of: win, verdict: 'not-applicable' },
]

describe('windows-command-line-audit', () => judgedCases('windows-command-line-audit', windowsCases))
describe('windows-4688-collected', () => judgedCases('windows-4688-collected', collectedCases))
describe('linux-command-line-audit', () => judgedCases('linux-command-line-audit', linuxCases))
