import { expect, it } from 'vitest'
import { parseChannelForm } from './channel-input'

const sent = { kind: 'webhook', name: ' Security team ', url: 'https://hooks.example.com/in?token=1', topic: ['changes', 'scanning'], minSeverity: 'high' }

function parse(over: Record<string, string | string[]> = {}, networks: string[] = []) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...sent, ...over })) for (const one of [value].flat()) form.append(name, one)
  return parseChannelForm(form, networks)
}

const errorsOf = (over: Record<string, string | string[]>) => {
  const parsed = parse(over)
  return parsed.ok ? {} : parsed.errors
}

it('reads a webhook', () => {
  expect(parse({ keyPoint: ['audit-logging'], alwaysSend: 'on', recipients: 'ada@example.com', rhythm: 'daily' })).toEqual({
    ok: true,
    value: {
      kind: 'webhook', name: 'Security team', url: 'https://hooks.example.com/in?token=1', recipients: [], topics: ['changes', 'scanning'], minSeverity: 'high', keyPoints: ['audit-logging'],
      alwaysSend: true, digest: null,
    },
  })
})

it('reads a mail with its digest, each address once', () => {
  expect(parse({ kind: 'email', url: '', recipients: 'ada@example.com, bob@example.com\nada@example.com', rhythm: 'daily', hour: '7', timeZone: 'Europe/Berlin' })).toMatchObject({
    ok: true, value: { url: null, recipients: ['ada@example.com', 'bob@example.com'], digest: { hour: 7, timeZone: 'Europe/Berlin' } },
  })
})

it('keeps the address of a known webhook when none is given', () => {
  expect(parse({ id: '11111111-1111-4111-8111-111111111111', url: '' })).toMatchObject({ ok: true, value: { url: null } })
  expect(errorsOf({ url: '' })).toEqual({ url: 'Enter the address of the webhook.' })
})

it.each([
  [{ name: ' ' }, 'name'],
  [{ url: 'hooks.example.com' }, 'url'],
  [{ url: 'javascript:alert(1)' }, 'url'],
  [{ url: 'file:///etc/passwd' }, 'url'],
  [{ topic: [] }, 'topics'],
  [{ minSeverity: 'dreadful' }, 'minSeverity'],
  [{ kind: 'email', url: '', recipients: '' }, 'recipients'],
  [{ kind: 'email', url: '', recipients: 'ada@example.com\r\nBcc: eve' }, 'recipients'],
  [{ kind: 'email', url: '', recipients: Array.from({ length: 51 }, (_, at) => `a${at}@example.com`).join('\n') }, 'recipients'],
  [{ kind: 'email', url: '', recipients: 'ada@example.com', rhythm: 'daily', hour: '7', timeZone: 'Europe/Atlantis' }, 'timeZone'],
])('says what is wrong with %o', (over, field) => {
  expect(Object.keys(errorsOf(over))).toContain(field)
})

it.each([
  ['http://hooks.example.com/in', [], 'Write https'],
  ['http://20.50.2.1/in', ['10.20.0.0/16'], 'Write https'],
  ['https://10.20.0.1/in', [], '10.20.0.1 is not a public address'],
  ['https://2130706433/in', [], '127.0.0.1 is not a public address'],
  ['https://[::1]/in', [], '[::1] is not a public address'],
  ['https://localhost:8080/in', [], 'localhost is not a public address'],
  ['https://169.254.169.254/', ['10.20.0.0/16'], '169.254.169.254 is not a public address'],
  ['https://10.20.0.1/in', ['10.20.0.0/16'], null],
  ['http://10.20.0.1/in', ['10.20.0.0/16'], null],
  ['http://hooks.corp.example/in', ['10.20.0.0/16'], null],
  ['https://hooks.example.com/in', [], null],
])('judges %s where %o are allowed', (url, networks, message) => {
  const parsed = parse({ url }, networks)
  if (message === null) expect(parsed.ok).toBe(true)
  else expect(parsed).toMatchObject({ ok: false, errors: { url: expect.stringContaining(message) } })
})
