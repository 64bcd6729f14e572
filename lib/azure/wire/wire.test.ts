import { setImmediate } from 'node:timers/promises'
import type { TokenCredential } from '@azure/core-auth'
import { afterEach, describe, expect, it } from 'vitest'
import type { Collected } from '../../domain/collected'
import type { SharedBuckets } from '../../domain/shared-buckets'
import { startSimulator, type Fault, type SimulatorOptions } from '../../simulator'
import { createAzure, type AzureOptions } from '../azure'
import { createSimulatorCredential } from '../simulator-credential'
import { FakeClock } from '../testing/fake-clock'
import { production, sandbox, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from '../testing/simulated-azure'
import { claimsOf } from './bearer'
import { systemClock } from './clock'
import { defaultLimits } from './limits'

let running: SimulatedAzure | undefined

async function start(simulated?: Partial<SimulatorOptions>, options?: Partial<AzureOptions>): Promise<SimulatedAzure> {
  running = await startSimulatedAzure(simulated, options)
  return running
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

const settings = 'diagnosticSettings'
const vault = vaultId(production, 0)

describe('the pipeline', () => {
  it('paces itself below the limits of a subscription, so that Azure never has to refuse', async () => {
    const { azure, simulator } = await start(
      { limits: { subscriptionReads: { burst: 40, perSecond: 100 } } },
      { limits: { subscriptionReads: { burst: 10, perSecond: 100 } } },
    )
    const reads = await Promise.all(Array.from({ length: 120 }, () => azure.readDiagnosticSettings(vault)))
    expect(reads.every((read) => read.ok)).toBe(true)
    expect(azure.counts).toMatchObject({ total: 120, throttled: 0, retried: 0 })
    expect(simulator.requests.status(429)).toBe(0)
  })

  it('lets a bucket not fill up beyond what waits for a connection, since nothing of it has arrived', async () => {
    const { azure, simulator } = await start(
      { now: Date.now, limits: { subscriptionReads: { burst: 24, perSecond: 20 } } },
      { clock: systemClock, limits: { subscriptionReads: { burst: 20, perSecond: 20 }, concurrency: 1, concurrencyMost: 1 } },
    )
    simulator.addFault({ match: sandbox, kind: 'delay', milliseconds: 1500, times: 1 })
    const first = azure.readDiagnosticSettings(vaultId(sandbox, 0))
    await expect.poll(() => simulator.requests.matching(/oauth2/).length).toBe(1)
    await Promise.all([first, ...Array.from({ length: 15 }, () => azure.readDiagnosticSettings(vault))])
    await Promise.all(Array.from({ length: 25 }, () => azure.readDiagnosticSettings(vault)))
    expect(azure.counts).toMatchObject({ total: 41, throttled: 0, retried: 0 })
  })

  it('finds the pace of a subscription that takes less than documented, and reads everything', async () => {
    const { azure } = await start({ limits: { subscriptionReads: { burst: 20, perSecond: 5 } } })
    const reads = await Promise.all(Array.from({ length: 200 }, () => azure.readDiagnosticSettings(vault)))
    expect(reads.filter((read) => !read.ok)).toEqual([])
    expect(azure.counts.throttled).toBeGreaterThan(0)
  })

  it('waits as told after a 429 and goes on', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'status', status: 429, code: 'SubscriptionRequestsThrottled', retryAfterSeconds: 7, times: 2 })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(azure.counts).toEqual({ total: 3, throttled: 2, retried: 2, mostAtOnce: 1, pausedMs: expect.any(Number) })
    expect(azure.counts.pausedMs).toBeGreaterThanOrEqual(14_000)
  })

  it('is only delayed by a storm of 429s, and asks less and less often', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'status', status: 429, retryAfterSeconds: 1, times: 20 })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(azure.counts).toMatchObject({ total: 21, throttled: 20, retried: 20 })
  })

  it('gives up as throttled when it does not end within the longest pause, and the next read of that subscription at once', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'status', status: 429, envelope: 'capitals', code: '429', retryAfterSeconds: 1 })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'throttled', status: 429, code: '429' })
    expect(azure.counts.total).toBeLessThan(30)
    const { total } = azure.counts
    expect(await azure.readDiagnosticSettings(vaultId(production, 1))).toMatchObject({ ok: false, reason: 'throttled' })
    expect(azure.counts.total).toBe(total + 1)
  })

  it('gives a read up soon that alone is throttled', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(200) }, { limits: { concurrency: 4, concurrencyMost: 4 } })
    simulator.addFault({ match: `${vault}/`, kind: 'status', status: 429, retryAfterSeconds: 1 })
    const reads = await Promise.all(Array.from({ length: 200 }, (_, index) => azure.readDiagnosticSettings(vaultId(production, index))))
    expect(reads.flatMap((read, index) => (read.ok ? [] : [index]))).toEqual([0])
    expect(azure.counts.throttled).toBeLessThanOrEqual(defaultLimits.attempts + 1)
  })

  it('is only delayed where another takes so much of a limit that most requests are refused', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(100) })
    simulator.addFault({ match: settings, kind: 'status', status: 429, retryAfterSeconds: 1, probability: 0.6 })
    const reads = await Promise.all(Array.from({ length: 100 }, (_, index) => azure.readDiagnosticSettings(vaultId(production, index))))
    expect(reads.filter(({ ok }) => !ok)).toEqual([])
    expect(azure.counts.throttled).toBeGreaterThan(100)
  })

  it('waits for the next hour where a cloud limits reads by the hour', async () => {
    const { azure, simulator } = await start({}, { cloud: 'AzureChinaCloud' })
    simulator.addFault({ match: settings, kind: 'status', status: 429, retryAfterSeconds: 3400, times: 1 })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
  })

  it('gives up at once when it would have to wait too long, also for the next read of that subscription', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'status', status: 429, retryAfterSeconds: 7200 })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'throttled' })
    expect(await azure.readDiagnosticSettings(vaultId(production, 1))).toMatchObject({ ok: false, reason: 'throttled' })
    expect(azure.counts.total).toBe(1)
    simulator.clearFaults()
    expect(await azure.readDiagnosticSettings(vaultId(sandbox, 0))).toEqual({ ok: true, value: [] })
  })

  it('gives up at once where another process was told to wait too long, also for a subscription that was not asked before', async () => {
    const listeners: ((bucket: string, ms: number) => void)[] = []
    const sharedBuckets: SharedBuckets = {
      lease: async () => ({ firstInMs: 0, spacingMs: 0.01, alone: true }),
      pause: async () => undefined,
      leave: async () => undefined,
      onPause: (listener) => void listeners.push(listener),
    }
    const { azure, simulator } = await start({}, { sharedBuckets })
    const host = new URL(simulator.url).host
    for (const listener of listeners) listener(`${host} subscription ${production}`, 3_600_000)
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'throttled' })
    expect(azure.counts.total).toBe(0)
    expect(await azure.readDiagnosticSettings(vaultId(sandbox, 0))).toEqual({ ok: true, value: [] })
  })

  describe('whose token can be had no more', () => {
    /** A credential whose tokens are good for four minutes of the clock, and which asks the simulator for each. */
    async function startExpiring(fault: Fault) {
      const clock = new FakeClock()
      const simulator = await startSimulator({ tenant: smallTenant(), now: () => clock.now() })
      const inner = createSimulatorCredential(simulator.url, simulator.tenantId)
      const credential: TokenCredential = {
        getToken: async (scopes, options) => {
          inner.forget()
          const token = await inner.getToken(scopes, options)
          return token && { ...token, expiresOnTimestamp: clock.wall() + 240_000 }
        },
      }
      const scope = `${simulator.url}/.default`
      const azure = createAzure({ endpoint: simulator.url, scope, logAnalytics: { endpoint: simulator.url, scope }, credential, tenantId: simulator.tenantId, cloud: 'AzureCloud', clock })
      running = { azure, simulator, close: async () => { azure.close(); await simulator.close() } }
      expect((await azure.readDiagnosticSettings(vault)).ok).toBe(true)
      simulator.addFault(fault)
      return { azure, simulator, clock }
    }
    const ofSignIn = '/oauth2/'

    it('goes on with the one that is still good, and asks for another only now and then', async () => {
      const { azure, simulator, clock } = await startExpiring({ match: ofSignIn, kind: 'no-token', status: 400, code: 7000222 })
      for (let round = 0; round < 20; round += 1) {
        expect((await azure.readDiagnosticSettings(vault)).ok).toBe(true)
        await clock.sleep(10_000)
      }
      expect(simulator.requests.count('sign-in') + simulator.requests.count('fault')).toBeLessThan(14)
    })

    it('waits for the sign-in service for minutes when it has expired, and gives up in the end', async () => {
      const { azure, simulator, clock } = await startExpiring({ match: ofSignIn, kind: 'no-token', status: 503, code: 90033, times: 12 })
      await clock.sleep(250_000)
      const reads = await Promise.all(Array.from({ length: 20 }, (_, index) => azure.readDiagnosticSettings(vaultId(production, index % 3))))
      expect(reads.filter(({ ok }) => !ok)).toEqual([])
      expect(simulator.requests.matching(/oauth2/).length).toBe(14)
      simulator.addFault({ match: ofSignIn, kind: 'no-token', status: 503, code: 90033 })
      await clock.sleep(250_000)
      const startedAt = clock.now()
      await expect(azure.readDiagnosticSettings(vault)).rejects.toMatchObject({ code: 'unavailable' })
      expect(clock.now() - startedAt).toBeGreaterThan(590_000)
    })
  })

  it('stops a single action alone when that action has a limit of its own', async () => {
    const { azure, simulator } = await start()
    const message = "Number of requests for action 'Microsoft.Insights/diagnosticSettings/read' exceeded the limit of '150' for time interval '01:00:00'. Please try again after '3240' seconds."
    simulator.addFault({ match: settings, kind: 'status', status: 429, code: 'ResourceRequestsThrottled', message })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'throttled' })
    expect(await azure.getSubscription(production)).toMatchObject({ ok: true })
  })

  describe('where a provider has a limit of its own', () => {
    const states = 'microsoft.securityinsights/onboardingstates'
    const workspace = (index: number) => `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.OperationalInsights/workspaces/w-${index}`
    const isThrottled = (read: Collected<unknown>) => !read.ok && read.reason === 'throttled'

    it('asks once and again, and not over and over, when a header says that nothing is left', async () => {
      const { azure } = await start({ limits: { actions: { [states]: { requests: 12, seconds: 60 } } } })
      const reads: Collected<unknown>[] = []
      for (let index = 0; index < 60; index += 1) reads.push(await azure.readSentinelOnboarding(workspace(index)))
      expect(reads.filter(isThrottled)).toEqual([])
      // Once in each window, after which it rests for as long as Azure says.
      expect(azure.counts.throttled).toBeLessThanOrEqual(4)
    })

    it('reads all that is asked for at once', async () => {
      const { azure } = await start({ limits: { actions: { [states]: { requests: 12, seconds: 60 } } } })
      const reads = await Promise.all(Array.from({ length: 100 }, (_, index) => azure.readSentinelOnboarding(workspace(index))))
      expect(reads.filter(isThrottled)).toEqual([])
      expect(azure.counts.throttled).toBeGreaterThan(0)
    })
  })

  it.each([
    { name: 'a reset', fault: { kind: 'reset' as const } },
    { name: 'a 503', fault: { kind: 'status' as const, status: 503, retryAfterSeconds: 2 } },
    { name: 'a 500 without a body', fault: { kind: 'status' as const, status: 500, envelope: 'empty' as const } },
    { name: 'a 408', fault: { kind: 'status' as const, status: 408 } },
    { name: "a gateway's page", fault: { kind: 'html' as const } },
    { name: 'a page of status 200', fault: { kind: 'html' as const, status: 200 } },
    { name: 'half an answer', fault: { kind: 'truncated' as const } },
    { name: 'a passing conflict', fault: { kind: 'status' as const, status: 409, code: 'Conflict' } },
  ])('tries again after $name', async ({ fault }) => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, times: 1, ...fault })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(azure.counts).toMatchObject({ total: 2, throttled: 0, retried: 1 })
  })

  it('tries again after answers that break off behind a brace, a refusal like a list', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: '/subscriptions', kind: 'truncated', behind: '}', times: 3 })
    expect((await azure.listSubscriptions()).ok).toBe(true)
    simulator.addFault({ match: settings, kind: 'truncated', times: 3 })
    expect(await azure.readDiagnosticSettings(`/subscriptions/${production}/resourceGroups/MC_app/providers/Microsoft.Compute/disks/d`)).toMatchObject({ ok: false, reason: 'not-supported' })
    expect(azure.counts).toMatchObject({ total: 8, throttled: 0, retried: 6 })
  })

  it.each([
    { name: 'resets', fault: { kind: 'reset' as const }, expected: { reason: 'api-error', status: null, code: 'ECONNRESET' } },
    { name: '503', fault: { kind: 'status' as const, status: 503, envelope: 'bare' as const, code: 'ServerBusy' }, expected: { reason: 'api-error', status: 503, code: 'ServerBusy' } },
    { name: 'pages of status 200', fault: { kind: 'html' as const, status: 200 }, expected: { reason: 'api-error', status: 200, detail: expect.stringContaining('not JSON') } },
    { name: 'halves', fault: { kind: 'truncated' as const }, expected: { reason: 'api-error', status: 200 } },
    { name: 'nothing', fault: { kind: 'status' as const, status: 200, envelope: 'empty' as const }, expected: { reason: 'api-error', detail: expect.stringContaining('empty') } },
    { name: 'another shape', fault: { kind: 'status' as const, status: 200 }, expected: { reason: 'api-error', detail: expect.stringContaining('unknown shape') } },
  ])('ends as an error of the API when Azure answers with $name to the end', async ({ fault, expected }) => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, ...fault })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, ...expected })
  })

  it('renews an expired token once for all, and reports a token that stays refused', async () => {
    const { azure, simulator } = await start()
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: true })
    simulator.tokens.expireAll()
    const reads = await Promise.all([0, 1, 2].map((index) => azure.readDiagnosticSettings(vaultId(production, index))))
    expect(reads.every((read) => read.ok)).toBe(true)
    expect(simulator.requests.matching(/oauth2/).length).toBe(2)
    expect(azure.counts).toMatchObject({ tokensRenewed: 1, mostAtOnce: 3 })
    simulator.addFault({ match: settings, kind: 'expired-token' })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'permission-denied', status: 401, code: 'ExpiredAuthenticationToken' })
  })

  it('asks for no token again and again where each is refused, and believes in a new one after a minute', async () => {
    const clock = new FakeClock()
    const { azure, simulator } = await start({ now: () => clock.now() }, { clock })
    simulator.addFault({ match: sandbox, kind: 'expired-token' })
    const signIns = () => simulator.requests.matching(/oauth2/).length
    for (let read = 0; read < 5; read += 1) {
      expect(await azure.readDiagnosticSettings(vaultId(sandbox, read % 3))).toMatchObject({ ok: false, status: 401, code: 'ExpiredAuthenticationToken' })
      expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: true })
    }
    expect(signIns()).toBe(2)
    await clock.sleep(61_000)
    simulator.clearFaults()
    simulator.tokens.expireAll()
    expect(await azure.readDiagnosticSettings(vaultId(sandbox, 0))).toMatchObject({ ok: true })
    expect(signIns()).toBe(3)
  })

  it('keeps the token that it got after a refusal, though one that it had asked for before comes later', async () => {
    const clock = new FakeClock()
    const simulator = await startSimulator({ tenant: smallTenant(), now: () => clock.now() })
    const inner = createSimulatorCredential(simulator.url, simulator.tenantId)
    const [held, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let asked = 0
    const credential: TokenCredential = {
      getToken: async (scopes, options) => {
        const isSecond = (asked += 1) === 2
        inner.forget()
        const token = await inner.getToken(scopes, options)
        if (isSecond) held.resolve()
        if (isSecond) await late.promise
        return token && { ...token, expiresOnTimestamp: clock.wall() + 240_000 }
      },
    }
    const scope = `${simulator.url}/.default`
    const azure = createAzure({ endpoint: simulator.url, scope, logAnalytics: { endpoint: simulator.url, scope }, credential, tenantId: simulator.tenantId, cloud: 'AzureCloud', clock })
    running = { azure, simulator, close: async () => { azure.close(); await simulator.close() } }
    for (const index of [0, 1]) expect(await azure.readDiagnosticSettings(vaultId(production, index))).toMatchObject({ ok: true })
    await held.promise
    simulator.tokens.expireAll()
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: true })
    late.resolve()
    await setImmediate()
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: true })
  })

  it('follows a link only to the same host, and never in a circle', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: '/subscriptions?', kind: 'foreign-next-link', url: 'https://elsewhere.example/subscriptions', times: 1 })
    expect(await azure.listSubscriptions()).toMatchObject({ ok: false, reason: 'api-error', detail: expect.stringContaining('elsewhere.example') })
    simulator.addFault({ match: '/subscriptions?', kind: 'loop-next-link' })
    expect(await azure.listSubscriptions()).toMatchObject({ ok: false, reason: 'api-error', detail: expect.stringContaining('already read') })
  })

  it('reads no more pages of settings than a resource can have', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'endless-next-link' })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'api-error', detail: expect.stringContaining('does not end') })
    expect(azure.counts.total).toBe(3)
  })

  it('stops at once when the signal aborts', async () => {
    const controller = new AbortController()
    const { azure } = await start({ latencyMs: 20_000 }, { signal: controller.signal })
    const reads = [0, 1, 2].map((index) => azure.readDiagnosticSettings(vaultId(production, index)))
    const ended = Promise.allSettled(reads)
    controller.abort(new Error('the scan was cancelled'))
    expect(await ended).toMatchObject([0, 1, 2].map(() => ({ status: 'rejected', reason: { message: 'the scan was cancelled' } })))
  })

  it('waits for nothing any more when it is closed: no pause, no answer, no token', async () => {
    const { azure, simulator } = await start({}, { clock: systemClock })
    simulator.addFault({ match: vaultId(production, 0), kind: 'status', status: 429, retryAfterSeconds: 590 })
    simulator.addFault({ match: vaultId(sandbox, 1), kind: 'hold', until: new Promise(() => undefined) })
    const signsInNever: TokenCredential = { getToken: () => new Promise(() => undefined) }
    const other = createAzure({ endpoint: simulator.url, scope: 'any', credential: signsInNever, tenantId: simulator.tenantId, cloud: 'AzureCloud' })
    const asked = Promise.allSettled([azure.readDiagnosticSettings(vaultId(production, 0)), azure.readDiagnosticSettings(vaultId(sandbox, 1)), other.listSubscriptions()])
    await expect.poll(() => simulator.requests.status(429)).toBe(1)
    for (const each of [azure, other]) each.close()
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(azure.readDiagnosticSettings(vaultId(production, 2))).rejects.toThrow('closed')
  })

  it('gives an attempt up when no answer comes in time', async () => {
    const { azure, simulator } = await start({}, { limits: { attemptTimeoutMs: 300 } })
    simulator.addFault({ match: settings, kind: 'delay', milliseconds: 30_000, times: 1 })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(azure.counts).toMatchObject({ retried: 1, timedOut: 1 })
  })

  it('refuses to send tokens over plain HTTP to another machine', async () => {
    await expect(startSimulatedAzure({}, { endpoint: 'http://arm.example.test' })).rejects.toThrow(/not HTTPS/)
  })
})

describe('claimsOf', () => {
  it('decodes what Azure demands in its challenge', () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    expect(claimsOf(`Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`)).toBe(claims)
    expect(claimsOf('Bearer error="invalid_token"')).toBeUndefined()
    expect(claimsOf(undefined)).toBeUndefined()
  })
})
