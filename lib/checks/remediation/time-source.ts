import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { runAndShowByBaseline, runOnMachine } from './guest-policy'
import { systemsOf } from './machine-targets'

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
  const script = [
    // What the rule of the baseline reads.
    'reg add "HKLM\\SOFTWARE\\Policies\\Microsoft\\W32Time\\TimeProviders\\NtpClient" /v Enabled /t REG_DWORD /d 1 /f',
    'Set-Service w32time -StartupType Automatic',
    'Restart-Service w32time',
    // A member of a domain has its source from there, which a list of its own would take away.
    'if (-not (Get-CimInstance Win32_ComputerSystem).PartOfDomain) { w32tm /config /syncfromflags:manual /manualpeerlist:time.windows.com /update }',
    'w32tm /query /source',
  ]
  return {
    summary: 'Turn the Windows time client on, and assign the Windows baseline, which reports the rule “Enable Windows NTP Client” of workgroup machines where the extension of machine configuration is installed. Members of a domain follow the domain: watch the root of the forest.',
    ...runAndShowByBaseline(subject, script),
    portal: 'Open the machine, Operations, Run command, RunPowerShellScript; then Policy, Assignments, Assign policy.',
  }
}
