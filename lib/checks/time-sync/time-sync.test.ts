import { describe } from 'vitest'
import type { GuestAssignment, Resource } from '@/lib/domain/estate'
import type { EstateLiteral } from '../testing/estate-builder'
import { refused, throttled } from '../testing/literals'
import { guestOf, staleDay } from '../testing/guest-results'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'
import { arcMachine, linuxMachine, scaleSet, windowsMachine } from '../testing/machine-estate'

const win = windowsMachine.id
const lin = linuxMachine.id
const client = '[Registry]Enable Windows NTP Client'

function windows(...guest: GuestAssignment[]): EstateLiteral {
  return { resources: [windowsMachine], guest: { [win]: guest } }
}

const instance = { ...linuxMachine, properties: { ...linuxMachine.properties, virtualMachineScaleSet: { id: scaleSet().id } } }

const cases: JudgedCase[] = [
  { because: 'a custom configuration on NTP is compliant', estate: windows(guestOf('Contoso-NTP', 'Compliant')), of: win, verdict: 'pass', severity: 'medium' },
  { because: 'the name may run words together', estate: windows(guestOf('AuditNTP', 'Compliant')), of: win, verdict: 'pass' },
  { because: 'a department is no time source', estate: windows(guestOf('DepartmentPolicy', 'Compliant')), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the old built-in one is compliant', estate: windows(guestOf('InternetTimeDefaultNtpServer', 'Compliant')), of: win, verdict: 'pass' },
  { because: 'chrony is audited on Linux', estate: { resources: [linuxMachine], guest: { [lin]: [guestOf('ChronyRefclock', 'Compliant')] } }, of: lin, verdict: 'pass' },
  { because: 'the baseline’s rule on the client passed', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [client]: true })), of: win, verdict: 'pass', says: 'AzureWindowsBaseline' },
  { because: 'a rule on chrony passed in any report', estate: { resources: [linuxMachine], guest: { [lin]: [guestOf('Custom', 'NonCompliant', { '[Service]chrony is enabled': true })] } }, of: lin, verdict: 'pass' },
  { because: 'an Arc machine is asked alike', estate: { resources: [arcMachine], guest: { [arcMachine.id]: [guestOf('TimeSourceApproved', 'Compliant')] } }, of: arcMachine.id, verdict: 'pass' },
  { because: 'the configuration on NTP is not compliant', estate: windows(guestOf('Contoso-NTP', 'NonCompliant')), of: win, verdict: 'fail', says: 'Contoso-NTP' },
  { because: 'the baseline’s rule on the client failed', estate: windows(guestOf('AzureWindowsBaseline', 'NonCompliant', { [client]: false })), of: win, verdict: 'fail' },
  { because: 'a compliant configuration does not outweigh a failed rule', estate: windows(guestOf('Contoso-NTP', 'Compliant'), guestOf('AzureWindowsBaseline', 'NonCompliant', { [client]: false })), of: win, verdict: 'fail' },
  { because: 'a compliant baseline without the rule proves nothing of a domain member', estate: windows(guestOf('AzureWindowsBaseline', 'Compliant')), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the time zone is not the source', estate: windows(guestOf('SetWindowsTimeZone', 'NonCompliant')), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'nothing is assigned', estate: windows(), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: 'no guest configuration' },
  { because: 'the result is pending', estate: windows(guestOf('Contoso-NTP', 'Pending')), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the result is a month old', estate: windows(guestOf('Contoso-NTP', 'NonCompliant', {}, staleDay)), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: staleDay },
  { because: 'the table was refused', estate: { resources: [windowsMachine], guest: { [win]: refused } }, of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the table was throttled to the end', estate: { resources: [windowsMachine], guest: { [win]: throttled } }, of: win, verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'a service runs the machine, and Microsoft keeps its time', estate: { resources: [{ ...linuxMachine, resourceGroup: 'MC_rg_aks_weu' }] }, of: lin, verdict: 'not-applicable' },
  { because: 'an instance of a scale set is looked into by itself', estate: { resources: [instance, scaleSet({ mode: 'Flexible', agents: ['Linux'] })], guest: { [lin]: [guestOf('ChronyRefclock', 'Compliant')] } }, of: lin, verdict: 'pass' },
  { because: 'a uniform scale set is not asked', estate: { resources: [scaleSet()] }, of: scaleSet().id, verdict: 'none' },
]

describe('machine-time-source', () => judgedCases('machine-time-source', cases))

const enabled = { policy: { enabledChecks: ['platform-default-time'] } }
function imaged(machine: Resource, publisher: string, offer: string, sku: string, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  const properties = { ...machine.properties, storageProfile: { osDisk: { osType: machine === windowsMachine ? 'Windows' : 'Linux' }, imageReference: { publisher, offer, sku, version: 'latest' } } }
  return { estate: { resources: [{ ...machine, properties }], guest: { [machine.id]: [] }, ...enabled, ...more }, of: machine.id }
}

const imageCases: JudgedCase[] = [
  { because: 'it is an option that is off', ...imaged(windowsMachine, 'MicrosoftWindowsServer', 'WindowsServer', '2022-datacenter', { policy: {} }), verdict: 'none' },
  { because: 'Windows Server keeps time by the host', ...imaged(windowsMachine, 'MicrosoftWindowsServer', 'WindowsServer', '2022-datacenter-azure-edition'), verdict: 'pass', severity: 'low' },
  { because: 'Ubuntu 22.04 has chrony with the host’s clock', ...imaged(linuxMachine, 'Canonical', '0001-com-ubuntu-server-jammy', '22_04-lts-gen2'), verdict: 'pass' },
  { because: 'Ubuntu 24.04 names its offers in another way', ...imaged(linuxMachine, 'canonical', 'ubuntu-24_04-lts', 'server'), verdict: 'pass' },
  { because: 'RHEL 8 and later', ...imaged(linuxMachine, 'RedHat', 'RHEL', '86-gen2'), verdict: 'pass' },
  { because: 'RHEL 8.10 is an 8', ...imaged(linuxMachine, 'RedHat', 'RHEL', '810-gen2'), verdict: 'pass' },
  { because: 'RHEL 10', ...imaged(linuxMachine, 'RedHat', 'RHEL', '10-lvm-gen2'), verdict: 'pass' },
  { because: 'Ubuntu 18.04 did not', ...imaged(linuxMachine, 'Canonical', 'UbuntuServer', '18.04-LTS'), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'RHEL 7 did not', ...imaged(linuxMachine, 'RedHat', 'RHEL', '79-gen2'), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'SQL Server on Linux is no Windows', ...imaged(linuxMachine, 'MicrosoftSQLServer', 'sql2022-rhel8', 'enterprise'), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'an appliance does as it likes', ...imaged(linuxMachine, 'paloaltonetworks', 'vmseries', 'byol'), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'an image of the customer’s names no publisher', estate: { resources: [windowsMachine], guest: {}, ...enabled }, of: win, verdict: 'unknown', reasonCode: 'unsupported', says: 'names no image' },
  { because: 'a look inside says otherwise', ...imaged(windowsMachine, 'MicrosoftWindowsServer', 'WindowsServer', '2022-datacenter', { guest: { [win]: [guestOf('Contoso-NTP', 'NonCompliant')] } }), verdict: 'unknown', reasonCode: 'unsupported', says: 'Contoso-NTP' },
  { because: 'Arc machines have no host of Azure’s', estate: { resources: [arcMachine], ...enabled }, of: arcMachine.id, verdict: 'not-applicable' },
]

describe('platform-default-time', () => judgedCases('platform-default-time', imageCases))
