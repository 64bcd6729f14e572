import { loadConfig } from '@/lib/config'
import { exitCode } from '../exit-codes'
import { KeypointError } from '@/lib/errors'
import { readPolicyFile, withPolicyFile } from '@/lib/scan'
import { diagnose, storedPolicy, type Diagnosis } from '../diagnose'
import { roleDefinition } from '../rights'

const marks: Record<Diagnosis['status'], string> = { ok: 'ok  ', warning: 'warn', problem: 'FAIL' }

/** `keypoint doctor`: exit code 1 when something stops a scan, 2 when a scan would be partial. */
export async function doctorCommand(options: { json?: boolean; role?: boolean }): Promise<void> {
  if (options.role) {
    const config = loadConfig()
    const { tenantId, policyPath } = config
    if (tenantId === null) throw new KeypointError('not-configured', 'No tenant is configured, so that the role has no scope.', 'Set AZURE_TENANT_ID.')
    const stored = await storedPolicy(config)
    const policy = policyPath === null ? stored : withPolicyFile(stored, readPolicyFile(policyPath))
    process.stdout.write(`${JSON.stringify(roleDefinition(tenantId, policy), null, 2)}\n`)
    return
  }
  const diagnoses = await diagnose(() => loadConfig())
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, checks: diagnoses })}\n`)
  } else {
    for (const d of diagnoses) {
      process.stdout.write(`${marks[d.status]}  ${d.check}: ${d.message}\n`)
      if (d.remedy !== null) process.stdout.write(`      ${d.remedy.replaceAll('\n', '\n      ')}\n`)
    }
  }
  const worst = diagnoses.some((d) => d.status === 'problem') ? exitCode.failed : diagnoses.some((d) => d.status === 'warning') ? exitCode.partial : exitCode.done
  process.exitCode = worst
}
