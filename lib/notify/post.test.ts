import { lookup as systemLookup } from 'node:dns'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AddressGuard } from './address-guard'
import { post, type PostOptions } from './post'
import { startReceiver, type Receiver } from './testing/receiver'

describe('addresses', () => {
  const guard = new AddressGuard(['10.20.0.0/16', 'fd00:1::/32'])

  it.each([
    '0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.1.2.3', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.168.1.1', '198.18.0.1', '224.0.0.1',
    '240.0.0.1', '255.255.255.255', '168.63.129.16', '::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::127.0.0.1', 'fe80::1', 'fec0::1', 'fc00::1', 'fd00:2::1',
    'ff02::1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', '100::1', 'fe80::1%eth0', '::ffff:168.63.129.16', 'localhost', '',
  ])('%s is not public', (address) => expect(guard.permits(address)).toBe(false))

  it.each(['1.1.1.1', '20.50.2.1', '172.32.0.1', '2606:4700::1111', '2a01:111::1', '::ffff:20.50.2.1'])('%s is public', (address) => expect(guard.permits(address)).toBe(true))

  it.each(['10.20.0.1', '10.20.255.255', '::ffff:10.20.0.1', 'fd00:1::5'])('%s is allowed by the setting', (address) => expect(guard.permits(address)).toBe(true))
})

describe('posting', () => {
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await startReceiver()
  })
  afterEach(() => receiver.stop())

  const send = (url: string, networks: string[], lookup?: PostOptions['lookup']) => post({ url, headers: { 'x-test': 'yes' }, body: '{}', guard: new AddressGuard(networks), lookup })
  /** A resolver whose answer is made up, as a rebinding name's would be. */
  const resolvesTo = (...addresses: string[]) => Object.assign(((_name: string, _options: object, callback: (error: null, found: object[]) => void) => {
    callback(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }) as unknown as typeof systemLookup, { __promisify__: systemLookup.__promisify__ })

  it('sends to an allowed network, with its headers', async () => {
    receiver.answers.push({ status: 202, body: 'taken' })
    expect(await send(receiver.url, ['127.0.0.1/32'])).toMatchObject({ status: 202, text: 'taken' })
    expect(receiver.received).toMatchObject([{ path: '/hook', body: '{}', headers: { 'x-test': 'yes', 'content-type': 'application/json' } }])
  })

  it.each([
    ['a loopback address', (port: number) => `http://127.0.0.1:${port}/`],
    ['a number that means it', (port: number) => `http://2130706433:${port}/`],
    ['its short form', (port: number) => `http://127.1:${port}/`],
    ['IPv6', (port: number) => `http://[::1]:${port}/`],
    ['IPv4 in IPv6', (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
    ['a name', (port: number) => `http://localhost:${port}/`],
    ['https', (port: number) => `https://localhost:${port}/`],
  ])('never connects to what is not public, written as %s', async (_, url) => {
    await expect(send(url(receiver.port), [])).rejects.toMatchObject({ name: 'RefusedAddressError' })
    expect(receiver.received).toEqual([])
  })

  it('judges a name by all that it resolves to, when it resolves', async () => {
    await expect(send('https://hooks.example.com/', [], resolvesTo('169.254.169.254'))).rejects.toThrow('hooks.example.com leads to 169.254.169.254')
    await expect(send('https://hooks.example.com/', [], resolvesTo('20.50.2.1', '::ffff:10.0.0.1'))).rejects.toMatchObject({ name: 'RefusedAddressError' })
    const url = `http://hooks.example.com:${receiver.port}/`
    expect(await send(url, ['127.0.0.1/32'], resolvesTo('127.0.0.1'))).toMatchObject({ status: 200 })
    await expect(send(url, ['127.0.0.1/32'], resolvesTo('127.0.0.2'))).rejects.toMatchObject({ name: 'RefusedAddressError' })
  })

  it('encrypts what leaves for the internet', async () => {
    await expect(send('http://hooks.example.com/', [], resolvesTo('20.50.2.1'))).rejects.toThrow('without encryption')
    await expect(send('ftp://hooks.example.com/', [])).rejects.toMatchObject({ name: 'RefusedUrlError' })
  })

  it('follows what keeps the message, and checks where that leads', async () => {
    receiver.answers.push({ status: 307, headers: { location: '/elsewhere' } })
    expect(await send(receiver.url, ['127.0.0.1/32'])).toMatchObject({ status: 200 })
    expect(receiver.received.map(({ path, body }) => [path, body])).toEqual([['/hook', '{}'], ['/elsewhere', '{}']])

    const hidden = await startReceiver('127.0.0.2')
    receiver.answers.push({ status: 308, headers: { location: hidden.url } })
    await expect(send(receiver.url, ['127.0.0.1/32'])).rejects.toMatchObject({ name: 'RefusedAddressError' })
    expect(hidden.received).toEqual([])
    await hidden.stop()

    receiver.answers.push({ status: 302, headers: { location: '/login' } })
    expect(await send(receiver.url, ['127.0.0.1/32'])).toMatchObject({ status: 302 })
    receiver.answers.push(...Array.from({ length: 9 }, () => ({ status: 307, headers: { location: '/again' } })))
    await expect(send(receiver.url, ['127.0.0.1/32'])).rejects.toThrow('more than 3 times')
  })

  it('reads no more of an answer than it needs', async () => {
    receiver.answers.push({ status: 400, body: 'x'.repeat(1_000_000) })
    expect((await send(receiver.url, ['127.0.0.1/32'])).text).toHaveLength(4_000)
  })

  it('takes the status for the answer, though the body never ends or breaks off', async () => {
    receiver.answers.push({ status: 200, body: 'taken', end: 'never' }, { status: 503, body: 'busy', end: 'torn' })
    const impatient = () => post({ url: receiver.url, headers: {}, body: '{}', guard: new AddressGuard(['127.0.0.1/32']), timeoutMs: 1_500 })
    expect(await impatient()).toMatchObject({ status: 200, text: 'taken' })
    expect(await impatient()).toMatchObject({ status: 503 })
    receiver.answers.push({ status: 200, silent: true })
    await expect(impatient()).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('says that nobody listens', async () => {
    const { url } = receiver
    await receiver.stop()
    await expect(send(url, ['127.0.0.1/32'])).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    receiver = await startReceiver()
  })
})
