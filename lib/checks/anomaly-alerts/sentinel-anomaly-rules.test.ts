import { describe } from 'vitest'
import type { SentinelRule } from '@/lib/domain/sentinel'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, refused, resourceOf, unseen, workspaceId } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const central = workspaceId('central')
const workspace = resourceOf('Microsoft.OperationalInsights/workspaces', 'central', { id: central })
const rule = (kind: string, enabled = true): SentinelRule => ({ id: `/r/${kind}`, name: kind, kind, enabled, createsIncidents: true, activityQuery: null })
function sentinel(rules: NonNullable<EstateLiteral['sentinelRules']>[string], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: [workspace], sentinel: { [central]: { onboarded: true } }, sentinelRules: { [central]: rules }, connectors: { [central]: [] }, ...more }, of: central }
}
const xdr = { connectors: { [central]: [{ id: '/c', kind: 'MicrosoftThreatProtection', subscriptionId: null, dataTypes: ['incidents'] }] } }

describe('sentinel-anomaly-rules', () =>
  judgedCases('sentinel-anomaly-rules', [
    { because: 'Fusion is on', ...sentinel([rule('Fusion'), rule('Scheduled')]), verdict: 'pass', severity: 'low' },
    { because: 'kinds come in any casing', ...sentinel([rule('fusion')]), verdict: 'pass' },
    { because: 'Fusion is on beside Defender XDR', ...sentinel([rule('Fusion')], xdr), verdict: 'pass' },
    { because: 'Fusion is off', ...sentinel([rule('Fusion', false)]), verdict: 'fail', says: 'switched off' },
    { because: 'there is no Fusion', ...sentinel([rule('Scheduled')]), verdict: 'fail', says: 'no Fusion rule' },
    { because: 'Sentinel is not there', ...sentinel([], { sentinel: { [central]: { onboarded: false } } }), verdict: 'not-applicable' },
    { because: 'Defender XDR may correlate in its place', ...sentinel([rule('Fusion', false)], xdr), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'who correlates in its place was refused', ...sentinel([], { connectors: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the rules were refused', ...sentinel(refused), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the onboarding failed', ...sentinel([], { sentinel: { [central]: broken } }), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'what is stored of a workspace out of sight is old', ...sentinel([rule('Fusion')], { workspaces: [], outOfSight: true }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'nothing is sent to the workspace', ...sentinel([], { sentinel: {} }), verdict: 'none' },
    { because: 'a workspace elsewhere is no subject here', estate: { sentinel: { [workspaceId('soc', unseen)]: { onboarded: true } } }, of: workspaceId('soc', unseen), verdict: 'none' },
  ]))
