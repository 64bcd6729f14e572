import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import type { Remediation } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import { defaultPolicy } from '@/lib/domain/policy'
import { findCheck } from '../list'
import { judgementOf } from '../testing/judged-cases'
import type { EstateLiteral } from '../testing/estate-builder'
import { workspaceId } from '../testing/literals'
import { arcMachine, extensionOf, linuxMachine, scaleSet, served, windowsMachine } from '../testing/machine-estate'

const central = workspaceId('central')

function remediationOf(check: string, machine: Resource, estate: EstateLiteral): Remediation {
  const judgement = judgementOf(check, estate, machine.id)?.judgement
  const found = findCheck(check)
  if (!judgement || !found) throw new Error(`no finding of ${check}`)
  return found.remediate(
    { resourceId: machine.id, resourceType: machine.type, resourceName: machine.name, location: 'westeurope', judgement },
    { centralWorkspaceIds: [central], policy: defaultPolicy, catalog: loadCatalog() },
  )
}

const without = (machine: Resource): EstateLiteral => served({ machine, agent: null })

/** What a shell makes of a command: its words, one a line. */
function wordsOf(command: string): string[] {
  return execFileSync('/bin/sh', ['-c', `az() { printf '%s\\n' "$@"; }\ncd "$(mktemp -d)"\n${command}`], { encoding: 'utf8' }).split('\n')
}

describe('the agent', () => {
  it('comes to a virtual machine after its identity', () => {
    const { azureCli = '', bicep, terraform, policy } = remediationOf('machine-log-agent', windowsMachine, without(windowsMachine))
    expect(azureCli.split('\n')[0]).toMatch(/^az vm identity assign /)
    expect(wordsOf(azureCli)).toEqual(expect.arrayContaining(['--vm-name', 'vm-win', '--name', 'AzureMonitorWindowsAgent', '--publisher', 'Microsoft.Azure.Monitor']))
    expect(bicep).toContain("type: 'AzureMonitorWindowsAgent'")
    expect(terraform).toContain(`virtual_machine_id = "${windowsMachine.id}"`)
    expect(policy?.id).toContain('ca817e41-e85a-4783-bc7f-dc532d36235e')
  })
  it('comes to Linux, scale sets and Arc machines by their own commands', () => {
    const set = scaleSet()
    expect(remediationOf('machine-log-agent', linuxMachine, without(linuxMachine)).azureCli).toContain('--name AzureMonitorLinuxAgent')
    expect(remediationOf('machine-log-agent', set, without(set)).azureCli).toContain('az vmss update-instances')
    expect(remediationOf('machine-log-agent', arcMachine, without(arcMachine)).azureCli).toMatch(/^az connectedmachine extension create /)
  })
  it('gets an identity where there is none, and beside those that are there', () => {
    const withIdentity = (type: string): Resource => ({ ...windowsMachine, properties: { ...windowsMachine.properties, identity: { type } } })
    const [none, user, system] = ['None', 'UserAssigned', 'SystemAssigned'].map((type) => remediationOf('machine-log-agent', withIdentity(type), without(withIdentity(type))))
    expect(none?.bicep).toMatch(/^resource machine '[^']*' = \{\n  name: 'vm-win'\n  location: 'westeurope'\n  identity: \{\n    type: 'SystemAssigned'\n  \}\n\}/)
    expect(none?.terraform).toContain('type = "SystemAssigned"')
    expect(user?.bicep).toMatch(/param identityId string[^]* existing = [^]*'identifier-value': identityId/)
    expect(user?.terraform).toContain('type = "SystemAssigned, UserAssigned"')
    expect(system?.bicep).toContain(' existing = ')
    expect(`${system?.bicep}${system?.terraform}`).not.toMatch(/identity/i)
    for (const text of [none?.terraform, user?.terraform]) expect(text).toContain('depends_on = [azapi_update_resource.identity]')
  })
  it('that is retired goes by the name that its extension has', () => {
    const estate = { resources: [linuxMachine, { ...extensionOf(linuxMachine, 'oldLinux'), name: 'OMSExtension' }] }
    const { azureCli, policy } = remediationOf('legacy-log-agent', linuxMachine, estate)
    expect(azureCli).toMatch(/^az vm extension delete .*--vm-name 'vm-lin' --name 'OMSExtension'$/)
    expect(policy?.id).toContain('d4b065e2-fbda-4461-a42c-b0346aeb12a0')
  })
})

describe('a data collection rule', () => {
  it.each([[windowsMachine, 'Microsoft-SecurityEvent'], [linuxMachine, 'Microsoft-Syslog']] as const)('sends what is missing to the central workspace', (machine, stream) => {
    const { azureCli = '', bicep, terraform } = remediationOf('machine-security-events', machine, served({ machine }))
    const rule: unknown = JSON.parse(/printf %s '(.*)' > rule\.json/.exec(azureCli)?.[1] ?? '')
    expect(rule).toMatchObject({ properties: { destinations: { logAnalytics: [{ workspaceResourceId: central }] }, dataFlows: [{ streams: [stream], destinations: ['central'] }] } })
    expect(wordsOf(azureCli)).toEqual(expect.arrayContaining(['--resource', machine.id, '--rule-file', 'rule.json']))
    expect(bicep).toContain(`'${stream}'`)
    expect(terraform).toContain(`target_resource_id      = "${machine.id}"`)
  })
  it('that the product proposes would pass its own check', () => {
    const { azureCli = '' } = remediationOf('machine-security-events', windowsMachine, served({ machine: windowsMachine }))
    const query = /"xPathQueries":\["([^"]*)"\]/.exec(azureCli)?.[1] ?? ''
    expect(judgementOf('machine-security-events', served({ machine: windowsMachine, rules: [{ windows: [query] }] }), windowsMachine.id)?.judgement.verdict).toBe('pass')
  })
})

describe('what only the machine itself can be told', () => {
  it('is one script that the shell hands over unharmed', () => {
    const estate: EstateLiteral = { resources: [windowsMachine], guest: { [windowsMachine.id]: [] } }
    const { azureCli = '', policy } = remediationOf('windows-command-line-audit', windowsMachine, estate)
    expect(wordsOf(azureCli)).toContain('auditpol /set /subcategory:"Process Creation" /success:enable')
    expect(policy?.id).toContain('72650e9f-97bc-4b2a-ab5f-9781a9fcecbc')
    const linux = remediationOf('linux-command-line-audit', linuxMachine, { resources: [linuxMachine], guest: { [linuxMachine.id]: [] } })
    expect(wordsOf(linux.azureCli ?? '').join('\n')).toContain('-a always,exit -F arch=b64 -S execve -k commands')
    const windows = wordsOf(remediationOf('machine-time-source', windowsMachine, { resources: [windowsMachine], guest: { [windowsMachine.id]: [] } }).azureCli ?? '').join('\n')
    expect(windows).toContain('reg add "HKLM\\SOFTWARE\\Policies\\Microsoft\\W32Time\\TimeProviders\\NtpClient" /v Enabled /t REG_DWORD /d 1 /f')
    expect(windows).toMatch(/if \(-not [^\n]*PartOfDomain\) \{ w32tm \/config/)
    expect(wordsOf(remediationOf('machine-time-source', linuxMachine, { resources: [linuxMachine], guest: { [linuxMachine.id]: [] } }).azureCli ?? '').join('\n')).toContain('refclock PHC /dev/ptp_hyperv')
  })
})
