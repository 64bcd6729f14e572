import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { policyAssignmentBicep, policyAssignmentCommand, policyAssignmentTerraform, runOnMachine } from './guest-policy'
import { systemsOf } from './machine-targets'

const windowsBaseline = {
  id: '/providers/Microsoft.Authorization/policyDefinitions/72650e9f-97bc-4b2a-ab5f-9781a9fcecbc',
  displayName: 'Windows machines should meet requirements of the Azure compute security baseline',
}

/** Sets the client up and assigns what proves it. For Linux no built-in policy exists. */
export function remediateTimeSource(subject: RemediationSubject): Remediation {
  if (systemsOf(subject)[0] === 'Linux') {
    const script = [
      "grep -q '/dev/ptp_hyperv' /etc/chrony*/chrony.conf /etc/chrony.conf 2>/dev/null || echo 'refclock PHC /dev/ptp_hyperv poll 3 dpoll -2 offset 0 stratum 2' >> \"$(ls /etc/chrony/chrony.conf /etc/chrony.conf 2>/dev/null | head -1)\"",
      'systemctl restart chronyd || systemctl restart chrony',
      'chronyc sources',
    ]
    return {
      summary: 'Let chrony follow the host’s clock (on Arc machines: your own NTP servers), and assign a custom machine configuration whose name holds chrony that checks it: no built-in one exists.',
      ...runOnMachine(subject, 'Linux', script),
      portal: 'Open the machine, Operations, Run command, RunShellScript.',
    }
  }
  const run = runOnMachine(subject, 'Windows', ['w32tm /config /syncfromflags:manual /manualpeerlist:time.windows.com /update', 'w32tm /query /source'])
  return {
    summary: 'Turn the Windows time client on, and assign the Windows baseline, which reports the rule “Enable Windows NTP Client” of workgroup machines. Members of a domain follow the domain: watch the root of the forest.',
    azureCli: [run.azureCli, policyAssignmentCommand(subject, 'keypoint-windows-baseline', windowsBaseline.id)].join('\n'),
    bicep: [run.bicep, policyAssignmentBicep('keypoint-windows-baseline', windowsBaseline)].join('\n\n'),
    terraform: [run.terraform, policyAssignmentTerraform(subject, 'keypoint-windows-baseline', windowsBaseline.id)].join('\n\n'),
    policy: windowsBaseline,
    portal: 'Open the machine, Operations, Run command, RunPowerShellScript; then Policy, Assignments, Assign policy.',
  }
}
