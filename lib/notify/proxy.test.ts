import type { lookup as systemLookup } from 'node:dns'
import { createServer, type Server } from 'node:https'
import { once } from 'node:events'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startConnectProxy, type ConnectProxy } from '@/lib/azure/testing/connect-proxy'
import { AddressGuard } from './address-guard'
import { post } from './post'
import { sendWebhook } from './send-webhook'
import { message } from './testing/notices'
import { startReceiver } from './testing/receiver'

const host = 'hooks.example.com'

let tls: { key: string; cert: string }
let server: Server
let port: number
let proxy: ConnectProxy
let bodies: string[]
let answer: { status: number; location?: string }

beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: host }], {
    algorithm: 'sha256', extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }, { name: 'basicConstraints', cA: true }],
  })
  tls = { key: made.private, cert: made.cert }
  setDefaultCACertificates([...getCACertificates('default'), tls.cert])
  server = createServer(tls, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location }).end('taken')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(async () => {
  bodies = []
  answer = { status: 200 }
  for (const name of ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY', 'NO_PROXY']) for (const each of [name, name.toLowerCase()]) vi.stubEnv(each, undefined)
  proxy = await startConnectProxy({ [`${host}:443`]: port })
  vi.stubEnv('HTTPS_PROXY', proxy.url)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await proxy.stop()
})

/** A resolver that knows these names, as the one of the machine may; the proxy has its own. Of some it cannot say whether they exist, or never answers. */
function knows(names: Record<string, readonly string[] | 'failing' | 'silent' | undefined>): typeof systemLookup {
  const lookup = (name: string, _options: object, callback: (error: Error | null, found: object[]) => void) => {
    const found = names[name]
    if (found === 'silent') return
    if (found === 'failing') callback(Object.assign(new Error('SERVFAIL'), { code: 'EAI_AGAIN' }), [])
    else if (found === undefined) callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
    else callback(null, found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }
  return lookup as unknown as typeof systemLookup
}

const send = (url: string, lookup = knows({}), networks: string[] = []) => post({ url, headers: {}, body: '{"a":1}', guard: new AddressGuard(networks), lookup })

describe('a webhook behind a proxy', () => {
  it('goes through it, though no name resolves here and the proxy is at a private address', async () => {
    expect(await send(`https://${host}/in`)).toMatchObject({ status: 200, text: 'taken' })
    expect(proxy.asked).toEqual([{ target: `${host}:443`, authorization: null }])
    expect(bodies).toEqual(['{"a":1}'])
  })

  it('shows the proxy the password of its address, and nobody else', async () => {
    vi.stubEnv('HTTPS_PROXY', proxy.url.replace('http://', 'http://keypoint:p%40ss@'))
    await send(`https://${host}/in`)
    expect(proxy.asked).toEqual([{ target: `${host}:443`, authorization: `Basic ${Buffer.from('keypoint:p@ss').toString('base64')}` }])
    const refused = await sendWebhook({ kind: 'webhook', url: 'https://other.example.com/in', signingSecret: null, olderSecret: null }, message({ event: 'test', sentBy: 'Ada', url: '' }), [], knows({}))
    expect(refused).toMatchObject({ status: 'retry', sentence: expect.stringMatching(/^other\.example\.com, by way of the proxy 127\.0\.0\.1:\d+, could not be reached \(Proxy response \(403\)/) })
  })

  it.each([
    ['an address that is not public', 'https://169.254.169.254/', {}],
    ['its IPv6 form', 'https://[::ffff:10.0.0.1]/', {}],
    ['a name that resolves here to one', 'https://inside.example.com/', { 'inside.example.com': ['10.0.0.1'] }],
    ['a name of which one address is not public', 'https://inside.example.com/', { 'inside.example.com': ['20.50.2.1', 'fd00::1'] }],
    ['localhost', 'https://localhost/', {}],
    ['a name below it', 'https://a.localhost./', {}],
    ['a name without a domain', 'https://intranet/', {}],
    ['a name for the inside', 'https://metadata.google.internal/', {}],
    ['plain HTTP', `http://${host}/`, {}],
    ['plain HTTP to a public address', `http://${host}/`, { [host]: ['20.50.2.1'] }],
  ])('asks the proxy for no tunnel to %s', async (_name, url, names) => {
    await expect(send(url, knows(names))).rejects.toMatchObject({ name: expect.stringMatching(/^Refused/) })
    expect(proxy.asked).toEqual([])
  })

  it.each([
    ['a name that fails here, where public names resolve', `https://${host}/in`, { [host]: 'failing', 'login.microsoftonline.com': ['20.50.2.1'] }],
    ['a name without an answer, where they resolve', `https://${host}/in`, { [host]: 'silent', 'login.microsoftonline.com': ['20.50.2.1'] }],
    ['a name for the inside that fails here', 'https://hooks.corp/', { 'hooks.corp': 'failing' }],
    ['plain HTTP to a name that fails here', `http://${host}/`, { [host]: 'failing' }],
  ] as const)('waits with %s', async (_name, url, names) => {
    const channel = { kind: 'webhook' as const, url, signingSecret: null, olderSecret: null }
    const outcome = await sendWebhook(channel, message({ event: 'test', sentBy: 'Ada', url: '' }), [], knows(names))
    expect(outcome).toMatchObject({ status: 'retry', sentence: expect.stringContaining('no resolver says at the moment which addresses the name has') })
    expect(proxy.asked).toEqual([])
  })

  it.each(['failing', 'silent'] as const)('asks for one where the resolver is %s for public names altogether', async (state) => {
    expect(await send(`https://${host}/in`, knows({ [host]: state, 'login.microsoftonline.com': state }))).toMatchObject({ status: 200 })
    expect(proxy.asked).toHaveLength(1)
  })

  it('asks for one to what the setting allows', async () => {
    Object.assign(proxy.hosts, { 'inside.example.com:443': port, '10.20.0.7:443': port })
    await expect(send('https://inside.example.com/', knows({ 'inside.example.com': ['10.20.0.7'] }), ['10.20.0.0/16'])).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    expect(proxy.asked.map(({ target }) => target)).toEqual(['inside.example.com:443'])
  })

  it('checks where a redirect leads before the proxy is asked', async () => {
    answer = { status: 307, location: 'https://192.168.1.1/' }
    await expect(send(`https://${host}/in`)).rejects.toMatchObject({ name: 'RefusedAddressError' })
    expect(proxy.asked).toHaveLength(1)
  })

  it('goes directly, with all checks, where NO_PROXY says so', async () => {
    const receiver = await startReceiver()
    vi.stubEnv('NO_PROXY', 'example.com,127.0.0.1')
    expect(await send(receiver.url, knows({}), ['127.0.0.1/32'])).toMatchObject({ status: 200 })
    await expect(send(receiver.url)).rejects.toMatchObject({ name: 'RefusedAddressError' })
    await expect(send(`https://${host}/in`, knows({ [host]: ['10.0.0.1'] }))).rejects.toMatchObject({ name: 'RefusedAddressError' })
    await expect(send(`https://${host}/in`)).rejects.toMatchObject({ code: 'ENOTFOUND' })
    expect(proxy.asked).toEqual([])
    await receiver.stop()
  })

  it('says that the proxy cannot be reached, and that a certificate is not trusted', async () => {
    const channel = { kind: 'webhook' as const, url: `https://${host}/in`, signingSecret: null, olderSecret: null }
    const test = message({ event: 'test', sentBy: 'Ada', url: '' })
    setDefaultCACertificates([])
    expect(await sendWebhook(channel, test, [], knows({}))).toMatchObject({ status: 'retry', sentence: expect.stringContaining('NODE_EXTRA_CA_CERTS') })
    setDefaultCACertificates([tls.cert])
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1')
    expect(await sendWebhook(channel, test, [], knows({}))).toMatchObject({ status: 'retry', sentence: `${host}, by way of the proxy 127.0.0.1:1, could not be reached (ECONNREFUSED).` })
  })
})
