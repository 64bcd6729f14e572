import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { createPipelineRequest, RestError } from '@azure/core-rest-pipeline'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startConnectProxy } from '../testing/connect-proxy'
import { UndiciHttpClient } from './http-client'

let server: Server | undefined
let client: UndiciHttpClient | undefined

afterEach(() => {
  vi.unstubAllEnvs()
  client?.close()
  server?.closeAllConnections()
  server?.close()
})

/** A client and the address of a server that answers so. */
async function start(listener: RequestListener, signal?: AbortSignal): Promise<{ client: UndiciHttpClient; url: string }> {
  server = createServer(listener)
  const listening = server
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  client = new UndiciHttpClient({ connections: 4, proxied: false, signal })
  return { client, url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}` }
}

const failed = (promise: Promise<unknown>) => promise.then(() => { throw new Error('it should have failed') }, (error: unknown) => error)

describe('the HTTP client', () => {
  it('sends path, query, headers and body as they are, and keeps connections', async () => {
    const seen: string[] = []
    const ports = new Set<number | undefined>()
    const { client, url } = await start((request, response) => {
      ports.add(request.socket.remotePort)
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['x-test']} ${body}`)
        response.setHeader('Retry-After', '7').setHeader('set-cookie', ['a', 'b']).writeHead(201).end('{"é":1}')
      })
    })
    const request = createPipelineRequest({ url: `${url}/a%20b/c?x=%2F&y`, method: 'POST', body: '{"a":"é"}' })
    request.headers.set('X-Test', 'yes')
    const first = await client.sendRequest(request)
    for (let again = 0; again < 5; again += 1) await client.sendRequest(createPipelineRequest({ url: `${url}/` }))
    expect(seen.slice(0, 2)).toEqual(['POST /a%20b/c?x=%2F&y yes {"a":"é"}', 'GET / undefined '])
    expect(first).toMatchObject({ status: 201, bodyAsText: '{"é":1}' })
    expect(first.headers.get('retry-after')).toBe('7')
    expect(first.headers.get('set-cookie')).toBe('a, b')
    expect(ports.size).toBeLessThanOrEqual(2)
  })

  it('unpacks what comes compressed, and fails where that is broken', async () => {
    const packed = gzipSync('{"rows":[]}')
    const { client, url } = await start((request, response) => {
      response.setHeader('content-encoding', 'gzip').end(request.url === '/whole' ? packed : packed.subarray(0, 12))
    })
    expect(await client.sendRequest(createPipelineRequest({ url: `${url}/whole` }))).toMatchObject({ bodyAsText: '{"rows":[]}' })
    expect(await failed(client.sendRequest(createPipelineRequest({ url: `${url}/half` })))).toBeInstanceOf(RestError)
  })

  it.each<[string, RequestListener, string]>([
    ['a connection that is cut before the answer', (request) => request.socket.destroy(), 'ECONNRESET'],
    ['a connection that is cut within the answer', (_request, response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{"a":', () => response.destroy()) }, 'ECONNRESET'],
    ['no answer in time', () => undefined, 'ETIMEDOUT'],
    ['an answer that never ends', (_request, response) => { response.write('{'); const drip = setInterval(() => response.write(' '), 20); response.on('close', () => clearInterval(drip)) }, 'ETIMEDOUT'],
    ['what is no HTTP', (request) => request.socket.end('hello\r\n\r\n'), 'REQUEST_SEND_ERROR'],
  ])('fails for %s', async (_name, listener, code) => {
    const { client, url } = await start(listener)
    expect(await failed(client.sendRequest(createPipelineRequest({ url, timeout: code === 'ETIMEDOUT' ? 300 : 60_000 })))).toMatchObject({ name: 'RestError', code })
  })

  it('fails where nobody listens', async () => {
    const { client, url } = await start(() => undefined)
    await new Promise((resolve) => server?.close(resolve))
    expect(await failed(client.sendRequest(createPipelineRequest({ url })))).toMatchObject({ name: 'RestError', code: 'ECONNREFUSED' })
  })

  it('ends what is in flight when the signal aborts, and sends nothing after', async () => {
    const stop = new AbortController()
    let asked = 0
    const { client, url } = await start(() => { asked += 1; stop.abort() }, stop.signal)
    expect(await failed(client.sendRequest(createPipelineRequest({ url })))).toBeInstanceOf(RestError)
    expect(await failed(client.sendRequest(createPipelineRequest({ url })))).toBeInstanceOf(RestError)
    expect(asked).toBe(1)
  })

  it('does not send later what was given up while it waited for a connection', async () => {
    const asked: string[] = []
    const held: ServerResponse[] = []
    const { client, url } = await start((request, response) => {
      asked.push(request.url ?? '')
      if (request.url === '/held') held.push(response)
      else response.end('{}')
    })
    const first = Array.from({ length: 4 }, () => client.sendRequest(createPipelineRequest({ url: `${url}/held`, timeout: 0 })))
    await expect.poll(() => held.length).toBe(4)
    expect(await failed(client.sendRequest(createPipelineRequest({ url: `${url}/late`, timeout: 50 })))).toMatchObject({ code: 'ETIMEDOUT' })
    const last = client.sendRequest(createPipelineRequest({ url: `${url}/last` }))
    for (const response of held) response.end('{}')
    await Promise.all([...first, last])
    expect(asked).toEqual(['/held', '/held', '/held', '/held', '/last'])
  })

  it.each([
    ['HTTPS_PROXY', ['HTTPS_PROXY'], true],
    ['https_proxy', ['https_proxy'], true],
    ['ALL_PROXY', ['ALL_PROXY'], true],
    ['all_proxy', ['all_proxy'], true],
    ['HTTP_PROXY', ['HTTP_PROXY'], true],
    ['ALL_PROXY but NO_PROXY', ['ALL_PROXY'], false, { NO_PROXY: 'azure.invalid' }],
    ['ALL_PROXY but NO_PROXY, with an empty no_proxy', ['ALL_PROXY'], false, { NO_PROXY: 'azure.invalid', no_proxy: '' }],
    ['ALL_PROXY but for every host of a list', ['ALL_PROXY'], false, { no_proxy: 'localhost, *' }],
    ['ALL_PROXY with other hosts in NO_PROXY', ['ALL_PROXY'], true, { NO_PROXY: 'other.invalid', no_proxy: 'azure.invalid' }],
  ])('goes to Azure through the proxy of %s', async (_name, variables, through, noProxy: Record<string, string> = {}) => {
    for (const name of ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY', 'NO_PROXY']) for (const each of [name, name.toLowerCase()]) vi.stubEnv(each, undefined)
    const { url } = await start(() => undefined)
    const tunnels: (string | undefined)[] = []
    server?.on('connect', (request, socket) => { tunnels.push(request.url); socket.end('HTTP/1.1 403 Forbidden\r\n\r\n') })
    for (const name of variables) vi.stubEnv(name, url)
    for (const [name, hosts] of Object.entries(noProxy)) vi.stubEnv(name, hosts)
    const proxied = new UndiciHttpClient({ connections: 1, proxied: true })
    expect(await failed(proxied.sendRequest(createPipelineRequest({ url: 'https://azure.invalid/', timeout: 5_000 })))).toBeInstanceOf(RestError)
    proxied.close()
    expect(tunnels).toEqual(through ? ['azure.invalid:443'] : [])
  })
  it('reads through a tunnel of a proxy that alone knows the name, with the password of its address, and keeps the tunnel', async () => {
    const made = await generate([{ name: 'commonName', value: 'management.azure.invalid' }], {
      algorithm: 'sha256', extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'management.azure.invalid' }] }, { name: 'basicConstraints', cA: true }],
    })
    setDefaultCACertificates([...getCACertificates('default'), made.cert])
    const azure = createTlsServer({ key: made.private, cert: made.cert }, (request, response) => response.end(`{"path":"${request.url}"}`))
    await new Promise<void>((resolve) => azure.listen(0, '127.0.0.1', resolve))
    const address = azure.address()
    const proxy = await startConnectProxy({ 'management.azure.invalid:443': typeof address === 'object' && address !== null ? address.port : 0 })
    for (const name of ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY', 'NO_PROXY']) for (const each of [name, name.toLowerCase()]) vi.stubEnv(each, undefined)
    vi.stubEnv('HTTPS_PROXY', proxy.url.replace('http://', 'http://keypoint:secret@'))
    const proxied = new UndiciHttpClient({ connections: 1, proxied: true })
    const read = (path: string) => proxied.sendRequest(createPipelineRequest({ url: `https://management.azure.invalid${path}`, timeout: 10_000 }))
    expect(await read('/subscriptions?a=1')).toMatchObject({ status: 200, bodyAsText: '{"path":"/subscriptions?a=1"}' })
    expect(await read('/tenants')).toMatchObject({ bodyAsText: '{"path":"/tenants"}' })
    expect(proxy.asked).toEqual([{ target: 'management.azure.invalid:443', authorization: `Basic ${Buffer.from('keypoint:secret').toString('base64')}` }])
    proxied.close()
    azure.closeAllConnections()
    azure.close()
    await proxy.stop()
  })
})
