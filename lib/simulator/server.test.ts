import { afterEach, describe, expect, it } from 'vitest'
import { generateTenant } from './generate'
import { jsonAt } from './json'
import { demoClient, startSimulator, type Simulator, type SimulatorOptions } from './server'
import { Client, errorCode, settingsVersion } from './testing/client'

let running: Simulator[] = []

async function start(options: Partial<SimulatorOptions> = {}): Promise<{ simulator: Simulator; client: Client }> {
  const simulator = await startSimulator({ tenant: generateTenant({ resources: 300, seed: 1, subscriptions: 6 }), ...options })
  running.push(simulator)
  return { simulator, client: await new Client(simulator).signIn() }
}

/** A clock that stands until it is moved. */
function clock() {
  let at = Date.parse('2026-01-05T08:00:00Z')
  return { now: () => at, pass: (seconds: number) => (at += seconds * 1000) }
}

function vaultOf(simulator: Simulator): string {
  const refused = simulator.tenant.subscriptions.at(-2)?.subscriptionId
  const row = simulator.tenant
    .rows('resources')
    .find((each) => each.type === 'microsoft.keyvault/vaults' && each.subscriptionId !== refused)
  if (!row) throw new Error('the tenant has no key vault')
  return row.id
}

afterEach(async () => {
  await Promise.all(running.map((each) => each.close()))
  running = []
})

describe('sign-in', () => {
  it('refuses a wrong secret, an unknown client and another tenant as Entra does', async () => {
    const { client, simulator } = await start()
    const wrong = await client.token({ client_secret: 'wrong' })
    expect(wrong.status).toBe(401)
    expect(await wrong.json()).toMatchObject({
      error: 'invalid_client',
      error_codes: [7000215],
      error_description: expect.stringMatching(/^AADSTS7000215: /),
    })
    expect(await (await client.token({ client_id: 'nobody' })).json()).toMatchObject({
      error: 'unauthorized_client',
      error_codes: [700016],
    })
    const elsewhere = await fetch(`${simulator.url}/other/oauth2/v2.0/token`, {
      method: 'POST',
      body: 'grant_type=client_credentials',
    })
    expect(await elsewhere.json()).toMatchObject({ error_codes: [90002] })
  })

  it('tells where its endpoints are', async () => {
    const { simulator } = await start()
    const configuration: unknown = await (
      await fetch(`${simulator.url}/${simulator.tenantId}/v2.0/.well-known/openid-configuration`)
    ).json()
    expect(jsonAt(configuration, 'token_endpoint')).toBe(`${simulator.url}/${simulator.tenantId}/oauth2/v2.0/token`)
  })

  it('answers 401 without a token, with a foreign one and with an expired one', async () => {
    const time = clock()
    const { client } = await start({ now: time.now, tokenLifetimeSeconds: 60 })
    const path = '/subscriptions?api-version=2022-12-01'
    const missing = await client.get(path, '')
    expect([missing.status, errorCode(missing)]).toEqual([401, 'AuthenticationFailed'])
    expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer /)
    expect(errorCode(await client.get(path, 'abc'))).toBe('InvalidAuthenticationToken')
    expect((await client.get(path)).status).toBe(200)
    time.pass(61)
    expect(errorCode(await client.get(path))).toBe('ExpiredAuthenticationToken')
    expect((await (await client.signIn()).get(path)).status).toBe(200)
  })
})

describe('lists', () => {
  it('pages subscriptions with an absolute nextLink that holds the api-version', async () => {
    const { client, simulator } = await start({ pageSize: 4 })
    const first = await client.get('/subscriptions?api-version=2022-12-01')
    const next = String(jsonAt(first.body, 'nextLink'))
    expect(next).toMatch(new RegExp(`^${simulator.url}/subscriptions\\?api-version=2022-12-01&`))
    const second = await client.get(next)
    expect([...first.value, ...second.value].map((each) => each.subscriptionId)).toEqual(
      simulator.tenant.subscriptions.map((each) => each.subscriptionId),
    )
    expect(jsonAt(second.body, 'nextLink')).toBeUndefined()
  })

  it('shows management groups and everything below the root', async () => {
    const { client, simulator } = await start()
    expect((await client.get('/providers/Microsoft.Management/managementGroups?api-version=2023-04-01')).value[0]?.name).toBe(
      simulator.tenantId,
    )
    const below = await client.get(
      `/providers/Microsoft.Management/managementGroups/${simulator.tenantId}/descendants?api-version=2023-04-01`,
    )
    expect(below.value.filter((each) => each.type === '/subscriptions')).toHaveLength(6)
  })

  it('pages the activity log by time and refuses what is too old', async () => {
    const { client, simulator } = await start({ pageSize: 4 })
    const id = simulator.tenant.subscriptions[0]?.subscriptionId
    const ask = (from: string) =>
      client.get(
        `/subscriptions/${id}/providers/Microsoft.Insights/eventtypes/management/values?${new URLSearchParams({
          'api-version': '2015-04-01',
          $filter: `eventTimestamp ge '${from}' and eventTimestamp le '${new Date().toISOString()}'`,
          $select: 'eventDataId,operationName,resourceId',
        })}`,
      )
    const first = await ask(new Date(Date.now() - 8 * 86_400_000).toISOString())
    const rest = await client.get(String(jsonAt(first.body, 'nextLink')))
    expect(first.value.length + rest.value.length).toBe(6)
    expect(Object.keys(first.value[0] ?? {})).toEqual(['eventDataId', 'operationName', 'resourceId'])
    const old = await ask('2020-01-01T00:00:00Z')
    expect(old.body).toEqual({ code: 'BadRequest', message: 'The start time cannot be more than 90 days in the past.' })
  })
})

describe('Resource Graph', () => {
  it('pages to the end by its token, each row once', async () => {
    const { client } = await start({ limits: false })
    const seen: unknown[] = []
    for (let token: unknown = ''; token !== undefined;) {
      const answer = await client.query('resources | project id | order by id asc', { $top: 70, $skipToken: String(token) })
      expect(answer.body).toMatchObject({ totalRecords: 300, resultTruncated: 'false' })
      const data = jsonAt(answer.body, 'data')
      seen.push(...(Array.isArray(data) ? data.map((row) => jsonAt(row, 'id')) : []))
      token = jsonAt(answer.body, '$skipToken')
    }
    expect(new Set(seen).size).toBe(300)
    expect(seen).toEqual(seen.toSorted())
  })

  it('does not take a token of another query, and truncates what cannot be paged', async () => {
    const { client } = await start()
    const first = await client.query('resources | project id | order by id asc', { $top: 10 })
    const token = String(jsonAt(first.body, '$skipToken'))
    expect(errorCode(await client.query('resources | project id, name | order by id asc', { $skipToken: token }))).toBe(
      'BadRequest',
    )
    const cut = await client.query('resources | project name', { $top: 10 })
    expect(cut.body).toMatchObject({ count: 10, resultTruncated: 'true' })
    expect(jsonAt(cut.body, '$skipToken')).toBeUndefined()
  })

  it('keeps to the subscriptions asked, leaves unreadable ones out silently, and refuses when none is left', async () => {
    const { client, simulator } = await start()
    const [a, b] = simulator.tenant.subscriptions.map((each) => each.subscriptionId)
    const own = simulator.tenant.rows('resources').filter((row) => row.subscriptionId === a).length
    simulator.tenant.hideSubscription(b ?? '')
    const scoped = await client.query('resources | count', {}, { subscriptions: [a ?? '', b ?? ''] })
    expect(jsonAt(scoped.body, 'data')).toEqual([{ Count: own }])
    const none = await client.query('resources | count', {}, { subscriptions: [b ?? ''] })
    expect([none.status, errorCode(none)]).toEqual([403, 'AccessDenied'])
  })

  it('says what is wrong with a query', async () => {
    const { client } = await start()
    const answer = await client.query('resources | wher x')
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      error: {
        code: 'BadRequest',
        details: [{ code: 'InvalidQuery' }, { code: 'ParserFailure', line: 1, characterPositionInLine: 12, token: 'wher' }],
      },
    })
  })

  it('allows 15 queries in 5 seconds', async () => {
    const time = clock()
    const { client } = await start({ now: time.now })
    const answers = []
    for (let count = 0; count < 16; count++) answers.push(await client.query('resources | count'))
    expect(answers[0]?.headers.get('x-ms-user-quota-remaining')).toBe('14')
    expect(answers[0]?.headers.get('x-ms-user-quota-resets-after')).toBe('00:00:05')
    expect(answers.map((each) => each.status)).toEqual([...Array<number>(15).fill(200), 429])
    expect(answers[15]?.body).toMatchObject({ error: { code: 'RateLimiting', details: [{ code: 'RateLimiting' }] } })
    time.pass(5)
    expect((await client.query('resources | count')).status).toBe(200)
  })
})

describe('diagnostic settings', () => {
  it('answers in lower case what is asked in any case', async () => {
    const { client, simulator } = await start()
    const vault = vaultOf(simulator)
    simulator.tenant.setDiagnosticSettings(vault, [
      { name: 'To-Central', workspaceId: '/x', logs: [{ categoryGroup: 'audit', enabled: true }] },
    ])
    const answer = await client.settings(vault.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'))
    expect(answer.value[0]?.id).toBe(`${vault.toLowerCase()}/providers/microsoft.insights/diagnosticSettings/To-Central`)
    expect(answer.value[0]).toMatchObject({
      properties: {
        workspaceId: '/x',
        storageAccountId: null,
        logs: [{ category: null, categoryGroup: 'audit', enabled: true }],
      },
    })
  })

  it('gives a subscription its own shape', async () => {
    const { client, simulator } = await start()
    const id = simulator.tenant.subscriptions[0]?.subscriptionId
    const [setting] = (await client.settings(`/subscriptions/${id}`)).value
    expect(setting?.id).toMatch(/^subscriptions\//)
    expect(setting).toMatchObject({ location: 'global', type: null })
    expect(Object.keys(setting?.properties ?? {})).not.toContain('metrics')
  })

  it('tells gone, refused, denied and unsupported apart', async () => {
    const { client, simulator } = await start()
    const { tenant } = simulator
    const vault = vaultOf(simulator)
    const group = tenant.row(vault)?.resourceGroup ?? ''
    expect(errorCode(await client.settings(`${vault}-gone`))).toBe('ResourceNotFound')
    expect(errorCode(await client.settings(vault.replace(new RegExp(`/${group}/`, 'i'), '/rg-nowhere/')))).toBe(
      'ResourceGroupNotFound',
    )
    expect(errorCode(await client.settings('/subscriptions/00000000-0000-0000-0000-000000000000'))).toBe('SubscriptionNotFound')
    const nowhere = tenant.rows('resources').find((row) => row.type === 'microsoft.network/networkwatchers')
    expect(await client.settings(nowhere?.id ?? '')).toMatchObject({ status: 400, body: { code: 'ResourceTypeNotSupported' } })

    const refused = await client.settings(`/subscriptions/${tenant.subscriptions.at(-2)?.subscriptionId}`)
    expect(refused.status).toBe(403)
    expect(jsonAt(refused.body, 'error', 'message')).toContain(
      "perform action 'Microsoft.Insights/diagnosticSettings/read' over scope",
    )
    tenant.refuse(vault, { kinds: ['diagnostic-settings'], denyAssignment: 'closed' })
    expect(errorCode(await client.settings(vault))).toBe('DenyAssignmentAuthorizationFailed')
    tenant.allow(vault)
    tenant.removeResource(vault)
    expect((await client.settings(vault)).status).toBe(404)
  })

  it('answers by batch, each item as a read of its own, by relative and by absolute url', async () => {
    const { client, simulator } = await start({ limits: { subscriptionReads: { burst: 1, perSecond: 0.001 } } })
    const path = `${vaultOf(simulator)}/providers/Microsoft.Insights/diagnosticSettings?api-version=${settingsVersion}`
    const answer = await client.post('/batch?api-version=2020-06-01', {
      requests: [
        { httpMethod: 'GET', relativeUrl: path },
        { httpMethod: 'GET', name: 'second', url: simulator.url + path, content: null },
      ],
    })
    expect(answer.body).toMatchObject({
      responses: [
        { httpStatusCode: 200, content: { value: expect.any(Array) } },
        { name: 'second', httpStatusCode: 429, headers: { 'retry-after': expect.any(String) } },
      ],
    })
  })
})

describe('throttling', () => {
  it('gives 250 reads at once and 25 a second for each principal and subscription', async () => {
    const time = clock()
    const { client, simulator } = await start({ now: time.now })
    const [first, second] = simulator.tenant.subscriptions.map((each) => each.id)
    const read = (id = '') => client.get(`${id}?api-version=2022-12-01`)
    const statuses = await Promise.all(Array.from({ length: 252 }, async () => (await read(first)).status))
    expect(statuses.filter((each) => each === 200)).toHaveLength(250)
    expect((await read(second)).status).toBe(200)

    const refused = await read(first)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(jsonAt(refused.body, 'error', 'message')).toMatch(
      /^Number of requests for subscription '.*' and operation 'GET\/SUBSCRIPTIONS' exceeded .* after '1' seconds\.$/,
    )
    time.pass(0.9)
    expect((await read(first)).status).toBe(429)
    time.pass(0.9)
    expect((await read(first)).status).toBe(429)
    time.pass(1)
    expect((await read(first)).status).toBe(200)

    const token = simulator.issueToken('another-principal')
    expect((await client.get(`${first}?api-version=2022-12-01`, token)).status).toBe(200)
  })

  it('shows the bucket of all principals, and the own one only on request', async () => {
    const { client, simulator } = await start()
    const path = `${simulator.tenant.subscriptions[0]?.id}?api-version=2022-12-01`
    expect((await client.get(path)).headers.get('x-ms-ratelimit-remaining-subscription-global-reads')).toBe('3749')
    const open = await start({ quotaHeaders: true })
    expect((await open.client.get(path)).headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249')
  })
})

describe('faults', () => {
  it('happen as often as told, in the shapes told', async () => {
    const { client, simulator } = await start()
    const vault = vaultOf(simulator)
    simulator.addFault({
      match: 'diagnosticSettings',
      times: 1,
      kind: 'status',
      status: 503,
      code: 'ServerBusy',
      retryAfterSeconds: 7,
    })
    simulator.addFault({
      match: /diagnosticsettings/i,
      times: 1,
      kind: 'status',
      status: 429,
      code: '429',
      message: 'busy',
      envelope: 'capitals',
    })
    simulator.addFault({ match: 'diagnosticSettings', times: 1, kind: 'html' })
    simulator.addFault({ match: 'diagnosticSettings', times: 1, kind: 'expired-token' })
    simulator.addFault({ match: 'diagnosticSettings', times: 1, kind: 'refuse', action: 'Some.Provider/things/read' })
    const busy = await client.settings(vault)
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7'])
    expect((await client.settings(vault)).body).toEqual({ Code: '429', Message: 'busy' })
    expect((await client.settings(vault)).headers.get('content-type')).toBe('text/html')
    expect(errorCode(await client.settings(vault))).toBe('ExpiredAuthenticationToken')
    expect(jsonAt((await client.settings(vault)).body, 'error', 'message')).toContain('Some.Provider/things/read')
    expect((await client.settings(vault)).status).toBe(200)
    expect(simulator.requests.status(503)).toBe(1)
    expect(simulator.requests.count('diagnostic-settings')).toBe(1)
  })

  it('cut bodies, reset connections and mislead by nextLink', async () => {
    const { client, simulator } = await start()
    const path = '/subscriptions?api-version=2022-12-01'
    simulator.addFault({ match: '/subscriptions', times: 1, kind: 'truncated' })
    await expect(client.get(path)).rejects.toThrow(SyntaxError)
    simulator.addFault({ match: '/subscriptions', times: 1, kind: 'reset' })
    await expect(client.get(path)).rejects.toThrow(TypeError)
    simulator.addFault({ match: '/subscriptions', times: 1, kind: 'loop-next-link' })
    expect(jsonAt((await client.get(path)).body, 'nextLink')).toBe(simulator.url + path)
    simulator.addFault({ match: '/subscriptions', times: 1, kind: 'foreign-next-link', url: 'https://evil.example/steal' })
    expect(jsonAt((await client.get(path)).body, 'nextLink')).toBe('https://evil.example/steal')
    simulator.addFault({ match: '/subscriptions', kind: 'delay', milliseconds: 1 })
    simulator.clearFaults()
    expect((await client.get(path)).status).toBe(200)
  })
})

describe('HTTPS', () => {
  it('serves with a key and a certificate', async () => {
    const { generate } = await import('selfsigned')
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }])
    const simulator = await startSimulator({
      tenant: generateTenant({ resources: 10, seed: 1 }),
      tls: { key: pems.private, cert: pems.cert },
    })
    running.push(simulator)
    const { get } = await import('node:https')
    const status = await new Promise((resolve, reject) => {
      get(`${simulator.url}/common/discovery/instance`, { ca: pems.cert, checkServerIdentity: () => undefined }, (answer) =>
        resolve(answer.statusCode),
      ).on('error', reject)
    })
    expect([status, simulator.url.startsWith('https://'), demoClient.clientId]).toEqual([200, true, 'keypoint-demo'])
  })
})
