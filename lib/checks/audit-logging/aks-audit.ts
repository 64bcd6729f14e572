import type { Check } from '@/lib/domain/check'
import { coverageOf, isComplete } from '../coverage'
import { destinationPermissions } from '../destination'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { remediateSetting } from '../remediation/diagnostic-setting'
import { resourceLogging, settingsRead } from '../resource-logging'
import { typeRequirement } from '../required-categories'
import { are, listInWords, them, untoldInWords, whyNothing } from '../wording'
import { auditLoggingMappings } from './mappings'

export const aksAudit: Check = {
  id: 'aks-audit',
  version: 5,
  keyPoint: 'audit-logging',
  title: 'The Kubernetes audit log is sent somewhere',
  question: 'Is the audit log of the API server of this AKS cluster sent to a destination that exists?',
  why: 'What is done inside a cluster, from reading secrets to starting a shell in a pod, shows in the Kubernetes audit log alone.',
  severity: 'high',
  rules: {
    pass: 'kube-audit or kube-audit-admin, and guard when the cluster signs people in by Entra ID, are sent to a destination that exists and takes them.',
    fail: 'One of them goes nowhere.',
    notApplicable: 'A service manages the cluster, or Azure offers no log categories for it.',
    unknown: `The settings or the destination could not be read, ${untoldInWords}, or a category group is on whose content nobody tells.`,
  },
  sources: [
    { title: 'Monitor AKS: resource logs', url: 'https://learn.microsoft.com/azure/aks/monitor-aks' },
    { title: 'AKS monitoring data reference', url: 'https://learn.microsoft.com/azure/aks/monitor-aks-reference' },
  ],
  mappings: auditLoggingMappings,
  permissions: [settingsRead, ...destinationPermissions],

  asks: ['microsoft.containerservice/managedclusters'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.containerservice/managedclusters') return undefined
    const logging = resourceLogging(subject.resource, context)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'settled') return logging.judgement
    const { effective } = logging
    const required = typeRequirement(subject.resource)
    if (!required) return undefined
    const coverage = coverageOf(required, effective)
    const evidence = coverageEvidence(required, coverage, effective, context, { entraSignIn: Boolean(subject.resource.properties.aadProfile) })
    const { present, missing } = coverage
    if (isComplete(coverage)) return { verdict: 'pass', reason: `${listInWords(present)} ${are(present)} sent to a destination that exists and takes ${them(present)}.`, evidence }
    if (missing.length === 0) return unsettledJudgement(required, coverage, evidence, 'high')
    const rest = present.length > 0 ? `, while ${listInWords(present)} ${are(present)}` : `: ${whyNothing(effective)}`
    return { verdict: 'fail', reason: `${listInWords(missing)} ${are(missing)} sent nowhere${rest}.`, evidence }
  },

  remediate: remediateSetting,
}
