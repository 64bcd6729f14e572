import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { runAndShowByBaseline, runOnMachine } from './guest-policy'

/** Both settings at once, and the baseline that shows whether they hold. */
export function remediateWindowsAudit(subject: RemediationSubject): Remediation {
  const script = [
    'auditpol /set /subcategory:"Process Creation" /success:enable',
    'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit" /v ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1 /f',
  ]
  return {
    summary: 'Audit process creation and include the command line, by Group Policy or machine configuration for many machines, by the commands below for one. Command lines may hold secrets: restrict who reads the table. Assign the Windows baseline to see the result: virtual machines need the extension of machine configuration for it, with a managed identity.',
    ...runAndShowByBaseline(subject, script),
    portal: 'Group Policy: Computer Configuration, Administrative Templates, System, Audit Process Creation; and Advanced Audit Policy Configuration, Detailed Tracking.',
  }
}

/** The kernel's audit of execve, handed to syslog. There is no built-in policy that shows it. */
export function remediateLinuxAudit(subject: RemediationSubject): Remediation {
  const rules = ['-a always,exit -F arch=b64 -S execve -k commands', '-a always,exit -F arch=b32 -S execve -k commands']
  const script = [
    `printf '%s\\n' ${rules.map((rule) => `'${rule}'`).join(' ')} > /etc/audit/rules.d/50-commands.rules`,
    'augenrules --load',
    "sed -i 's/^active = no/active = yes/' /etc/audit/plugins.d/syslog.conf",
    'systemctl restart auditd || service auditd restart',
  ]
  return {
    summary: 'Let auditd record execve for 64 and 32 bit, and collect its log /var/log/audit/audit.log by a data collection rule with a text log. Or let it hand its records to syslog, as below, and collect every facility that it can be told to write to at level info. Assign a custom machine configuration whose name holds auditd that checks these rules: no built-in one exists. Command lines may hold secrets: restrict who reads the table.',
    ...runOnMachine(subject, 'Linux', script),
    portal: 'Open the machine, Operations, Run command, RunShellScript.',
  }
}
