import { describe, expect, it } from 'vitest'
import { KeypointError } from '@/lib/errors'
import { loadConfig } from './config'

const tenant = '7c8c2db0-7b46-5fa0-a13f-266c870707dd'
const client = '11111111-2222-4333-8444-555555555555'

function problemsOf(env: Record<string, string>, purpose: 'command' | 'web' = 'command'): string {
  try {
    loadConfig(env, purpose)
  } catch (error) {
    if (error instanceof KeypointError) return error.message
    throw error
  }
  return ''
}

describe('loadConfig', () => {
  it('runs the demo on an empty environment, on loopback', () => {
    const config = loadConfig({}, 'web')
    expect(config).toMatchObject({ demo: true, identity: 'none', host: '127.0.0.1', port: 3000, url: 'http://localhost:3000', demoTenant: 'generated:1200:1', signIn: null })
  })

  it('treats empty variables as absent', () => {
    expect(loadConfig({ DATABASE_URL: '', AZURE_CLIENT_ID: '' })).toMatchObject({ databaseUrl: null, demo: true })
  })

  it('names every problem at once and never a value', () => {
    const message = problemsOf({ PORT: 'eighty', AZURE_CLOUD: 'AzureGermanCloud', DATABASE_URL: 'mysql://secret-host/db', AZURE_CLIENT_ID: 'not-a-guid' })
    expect(message).toContain('PORT')
    expect(message).toContain('AZURE_CLOUD')
    expect(message).toContain('DATABASE_URL')
    expect(message).toContain('AZURE_CLIENT_ID')
    expect(message).not.toContain('secret-host')
  })

  it('names what is missing together with what is wrong', () => {
    const message = problemsOf({ PORT: 'eighty', AZURE_CLIENT_ID: client, KEYPOINT_SESSION_SECRET: 'short', KEYPOINT_URL: 'https://keypoint.example.com', KEYPOINT_SMTP_URL: 'mail' }, 'web')
    for (const name of ['PORT', 'AZURE_TENANT_ID', 'AZURE_CLIENT_SECRET', 'KEYPOINT_SESSION_SECRET', 'KEYPOINT_SMTP_URL', 'KEYPOINT_MAIL_FROM']) expect(message).toContain(`- ${name} `)
    expect(problemsOf({ KEYPOINT_IDENTITY: 'robot', DATABASE_URL: 'db.example.com' })).toMatch(/DATABASE_URL is not .*postgresql:\/\/host[^]*KEYPOINT_IDENTITY must be one of/)
  })

  it.each(['https://example.com/keypoint', 'https://example.com/?a=b', 'https://me@example.com'])('refuses %s, which is more than an origin', (url) => {
    expect(problemsOf({ KEYPOINT_URL: url })).toContain('KEYPOINT_URL has more than a host and a port')
  })

  it('is no demo once an identity or a sign-in app is given', () => {
    expect(loadConfig({ AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: 's' })).toMatchObject({ demo: false, identity: 'environment', signIn: { clientId: client, clientSecret: 's' } })
    expect(loadConfig({ AZURE_TENANT_ID: tenant, ENTRA_CLIENT_ID: client, ENTRA_CLIENT_SECRET: 's' }, 'web')).toMatchObject({ demo: false, identity: 'none' })
  })

  it('stays a demo when the identity is switched off by name', () => {
    expect(loadConfig({ KEYPOINT_IDENTITY: 'none', AZURE_CLIENT_ID: client })).toMatchObject({ demo: true })
  })

  it('asks for a tenant and a credential', () => {
    const message = problemsOf({ AZURE_CLIENT_ID: client })
    expect(message).toContain('AZURE_TENANT_ID is missing')
    expect(message).toContain('AZURE_CLIENT_SECRET is missing')
  })

  it('never sends the scanning secret to another sign-in app', () => {
    const message = problemsOf({ AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: 's', ENTRA_CLIENT_ID: '99999999-2222-4333-8444-555555555555' }, 'web')
    expect(message).toContain('ENTRA_CLIENT_SECRET is missing')
  })

  it('demands a session secret for https, of a safe length', () => {
    const env = { AZURE_TENANT_ID: tenant, ENTRA_CLIENT_ID: client, ENTRA_CLIENT_SECRET: 's', KEYPOINT_URL: 'https://keypoint.example.com/' }
    expect(problemsOf(env, 'web')).toContain('KEYPOINT_SESSION_SECRET is missing')
    expect(problemsOf({ ...env, KEYPOINT_SESSION_SECRET: 'short' }, 'web')).toContain('too short')
    const config = loadConfig({ ...env, KEYPOINT_SESSION_SECRET: `${'a'.repeat(40)},${'b'.repeat(40)}` }, 'web')
    expect(config.sessionSecrets).toHaveLength(2)
    expect(config.url).toBe('https://keypoint.example.com')
  })

  it('names a certificate that cannot be read', () => {
    expect(problemsOf({ AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_CERTIFICATE_PATH: '/no/such.pem' })).toContain('/no/such.pem')
  })

  it('reads networks that webhooks may lead to, and names what is none', () => {
    expect(loadConfig({ KEYPOINT_WEBHOOK_NETWORKS: '10.20.0.0/16, 192.168.1.7,fd00::1' }).webhookNetworks).toEqual(['10.20.0.0/16', '192.168.1.7/32', 'fd00::1/128'])
    expect(loadConfig({}).webhookNetworks).toEqual([])
    expect(problemsOf({ KEYPOINT_WEBHOOK_NETWORKS: '10.20.0.0/16,intranet' })).toContain('KEYPOINT_WEBHOOK_NETWORKS holds intranet')
    for (const short of ['10.20/16', '10/8', '10.20.0.0/33', '0x0a.0.0.0/8', '10.20']) expect(problemsOf({ KEYPOINT_WEBHOOK_NETWORKS: short })).toContain(`KEYPOINT_WEBHOOK_NETWORKS holds ${short}`)
  })

  it('wants a sender with a mail server, and shows no password', () => {
    expect(loadConfig({ KEYPOINT_SMTP_URL: 'smtps://user:hunter22@mail.example.com', KEYPOINT_MAIL_FROM: 'Keypoint <keypoint@example.com>' }).mail).toMatchObject({ from: 'Keypoint <keypoint@example.com>' })
    const message = problemsOf({ KEYPOINT_SMTP_URL: 'smtp://user:hunter22@mail.example.com' })
    expect(message).toContain('KEYPOINT_MAIL_FROM is missing')
    expect(message).not.toContain('hunter22')
    expect(problemsOf({ KEYPOINT_SMTP_URL: 'smtp://mail.example.com', KEYPOINT_MAIL_FROM: 'nobody' })).toContain('KEYPOINT_MAIL_FROM is not a sender')
    const bare = problemsOf({ KEYPOINT_SMTP_URL: 'smtps://user:50%off@mail.example.com', KEYPOINT_MAIL_FROM: 'keypoint@example.com' })
    expect(bare).toContain('KEYPOINT_SMTP_URL has a user or password that cannot be decoded; write % as %25')
    expect(bare).not.toContain('50%off')
  })

  it('wants a proxy that it can ask, but for the demo, and shows no password', () => {
    const real = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: 's' }
    for (const wrong of ['proxy.example.com:8080', 'socks5://user:hunter22@proxy.example.com', 'proxy']) {
      const message = problemsOf({ ...real, https_proxy: wrong })
      expect(message).toContain('https_proxy is no address of an HTTP proxy; write it like http://proxy.example.com:8080')
      expect(message).not.toContain('hunter22')
      expect(loadConfig({ https_proxy: wrong }).demo).toBe(true)
    }
    expect(loadConfig({ ...real, HTTPS_PROXY: 'http://user:hunter22@proxy.example.com:8080', ALL_PROXY: 'socks5://proxy.example.com' }).demo).toBe(false)
  })
})
