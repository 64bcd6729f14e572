import { createServer, type Socket } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, it } from 'vitest'
import { sendMail } from './send-mail'
import { startMailServer } from './testing/mail-server'
import { changed, finished, gap, hostileText, huge, message } from './testing/notices'

const from = 'Keypoint <keypoint@example.com>'
const baseUrl = 'https://keypoint.example.com'
let server: Awaited<ReturnType<typeof startMailServer>> | null = null
afterEach(async () => {
  await server?.stop()
  server = null
})

async function start(options: Parameters<typeof startMailServer>[0] = {}) {
  server = await startMailServer(options)
  return server
}

describe('a mail', () => {
  it('arrives as text and as HTML, with links', async () => {
    const { url, mails } = await start()
    const outcome = await sendMail({ smtpUrl: url, from }, ['ada@example.com', 'bob@example.com'], message(finished(changed())), baseUrl)
    expect(outcome).toEqual({ status: 'sent', sentence: 'Accepted by the mail server for 2 of 2.' })
    const [mail] = mails
    expect(mail).toMatchObject({ from: 'keypoint@example.com', to: ['ada@example.com', 'bob@example.com'] })
    expect(mail?.headers.get('subject')).toBe('[Keypoint] Contoso: 3 new gaps, 1 gap closed')
    expect(mail?.headers.get('message-id')).toBe('<22222222-2222-4222-8222-222222222222@keypoint.example.com>')
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail?.text).toContain('- kv-one in Alpha · high · Audit logs are sent: Nothing is sent.')
    expect(mail?.text).toContain('https://keypoint.example.com/resources/view?id=/subscriptions/s/kv')
    expect(mail?.html).toContain('<a href="https://keypoint.example.com/resources/view?id=/subscriptions/s/kv">kv-one</a>')
    expect(mail?.html).toContain('<a href="https://keypoint.example.com/settings/notifications">')
  })

  it('is text whatever names hold, and its head is ours alone', async () => {
    const { url, mails } = await start()
    const notice = finished(changed({ gaps: [gap({ resourceName: hostileText, reason: hostileText, subscriptionName: hostileText })] }))
    await sendMail({ smtpUrl: url, from }, ['ada@example.com'], { ...message(notice), tenant: { id: 't', name: hostileText, demo: false } }, baseUrl)
    const [mail] = mails
    expect(mail?.to).toEqual(['ada@example.com'])
    expect([...(mail?.headers.keys() ?? [])]).not.toContain('bcc')
    expect(mail?.html).not.toMatch(/<img|<!channel/)
    expect(mail?.html).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39; Bcc: eve@example.com')
    expect(mail?.text).not.toMatch(/^Bcc:/m)
  })

  it('holds all messages of a day', async () => {
    const { url, mails } = await start()
    await sendMail({ smtpUrl: url, from }, ['ada@example.com'], message(finished(changed()), { event: 'test', sentBy: 'Ada', url: baseUrl }), baseUrl)
    expect(mails[0]?.headers.get('subject')).toBe('[Keypoint] Contoso: 2 messages of the day')
    expect(mails[0]?.html).toMatch(/<h2[^>]*>3 new gaps, 1 gap closed<\/h2>.*<h2[^>]*>A test of this channel<\/h2>/)
  })

  it('stays readable after a day of a scan every minute', async () => {
    const { url, mails } = await start()
    const notices = Array.from({ length: 1_440 }, () => finished(huge))
    expect(await sendMail({ smtpUrl: url, from }, ['ada@example.com'], message(...notices), baseUrl)).toMatchObject({ status: 'sent' })
    const [mail] = mails
    expect(mail?.headers.get('subject')).toBe('[Keypoint] Contoso: 1440 messages of the day')
    expect(mail?.text.split('\n----\n')).toHaveLength(101)
    expect(mail?.text).toContain('And 1,340 more: the scans tell of them.')
    expect(Buffer.byteLength(mail?.html ?? '')).toBeLessThan(500_000)
  })
})

describe('a mail server', () => {
  const mail = () => message(finished(changed()))

  it('is signed in to over STARTTLS, and never without', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048, extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }] })
    const { port, mails } = await start({ key, cert, disabledCommands: [], authOptional: false })
    const smtpUrl = `smtp://ada:p%40ss%20word@127.0.0.1:${port}`
    expect(await sendMail({ smtpUrl, from }, ['ada@example.com'], mail(), baseUrl, { trust: { ca: cert } })).toMatchObject({ status: 'sent' })
    expect(mails).toMatchObject([{ user: 'ada', secure: true }])
    expect(await sendMail({ smtpUrl, from }, ['ada@example.com'], mail(), baseUrl)).toMatchObject({ status: 'retry', sentence: expect.stringContaining('certificate') })
    const wrong = await sendMail({ smtpUrl: `smtp://ada:hunter22@127.0.0.1:${port}`, from }, ['ada@example.com'], mail(), baseUrl, { trust: { ca: cert } })
    expect(wrong).toMatchObject({ status: 'retry', sentence: expect.stringContaining('Invalid login') })
    expect(wrong.sentence).not.toContain('hunter22')
    const plain = await startMailServer()
    expect(await sendMail({ smtpUrl: `smtp://ada:p%40ss%20word@127.0.0.1:${plain.port}`, from }, ['ada@example.com'], mail(), baseUrl)).toMatchObject({ status: 'retry' })
    expect(plain.mails).toEqual([])
    await plain.stop()
    expect(mails).toHaveLength(1)
  })

  it('that refuses for good is not asked again; one that is busy or away is', async () => {
    const refuse = (responseCode: number) => ({ onRcptTo: (_address: unknown, _session: unknown, callback: (error: Error) => void) => callback(Object.assign(new Error('No such mailbox'), { responseCode })) })
    const send = async (url: string) => sendMail({ smtpUrl: url, from }, ['nobody@example.com'], mail(), baseUrl)
    const { url } = await start(refuse(550))
    expect(await send(url)).toMatchObject({ status: 'failed', sentence: expect.stringContaining('No such mailbox') })
    await server?.stop()
    expect(await send((await start(refuse(450))).url)).toMatchObject({ status: 'retry' })
    await server?.stop()
    server = null
    expect(await send(url)).toMatchObject({ status: 'retry', sentence: expect.stringContaining('ECONNREFUSED') })
  })

  it.each([
    ['says nothing', () => undefined],
    ['greets without end', (socket: Socket) => { const drip = setInterval(() => socket.write('220-wait\r\n'), 50); socket.on('close', () => clearInterval(drip)) }],
    ['never ends an answer', (socket: Socket) => {
      socket.write('220 slow\r\n')
      const drip = setInterval(() => socket.write('250-wait\r\n'), 50)
      socket.on('close', () => clearInterval(drip))
    }],
  ])('that %s is given up after a time, and asked again', async (_name, talk: (socket: Socket) => void) => {
    const sockets = new Set<Socket>()
    const hanging = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined))
      talk(socket)
    })
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
    const address = hanging.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const outcome = await sendMail({ smtpUrl: `smtp://127.0.0.1:${port}`, from }, ['ada@example.com'], mail(), baseUrl, { timeoutMs: 1_000 })
    expect(outcome).toEqual({ status: 'retry', sentence: 'The mail server did not take it in time.' })
    for (const socket of sockets) socket.destroy()
    hanging.close()
  })

  it('that defers some recipients is asked again for those alone', async () => {
    const { url } = await start({ onRcptTo: ({ address }, _session, callback) => {
      const code = address.startsWith('bob') ? 450 : address.startsWith('eve') ? 550 : null
      callback(code === null ? null : Object.assign(new Error('Greylisted'), { responseCode: code }))
    } })
    const send = (...recipients: string[]) => sendMail({ smtpUrl: url, from }, recipients, mail(), baseUrl)
    expect(await send('ada@example.com', 'bob@Example.COM', 'eve@example.com')).toEqual({
      status: 'retry', recipientsLeft: ['bob@Example.COM'], sentence: 'Accepted, but not yet for bob@Example.COM.',
    })
    expect(await send('eve@example.com', 'bob@example.com')).toMatchObject({ status: 'retry', recipientsLeft: ['bob@example.com'] })
    expect(await send('eve@example.com')).toMatchObject({ status: 'failed' })
  })

  it('that refuses some recipients is said to', async () => {
    const { url } = await start({ onRcptTo: ({ address }, _session, callback) => callback(address.startsWith('bob') ? Object.assign(new Error('Unknown'), { responseCode: 550 }) : null) })
    expect(await sendMail({ smtpUrl: url, from }, ['ada@example.com', 'bob@example.com'], mail(), baseUrl)).toEqual({ status: 'sent', sentence: 'Accepted, but not for bob@example.com.' })
  })
})
