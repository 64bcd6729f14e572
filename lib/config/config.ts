import { accessSync, constants } from 'node:fs'
import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { KeypointError } from '@/lib/errors'
import { isProxyUrl, proxyExample, proxySetting } from './proxy'

const cloudNames = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const
export type CloudName = (typeof cloudNames)[number]
const identityKinds = ['environment', 'managed-identity', 'azure-cli', 'none'] as const
export type IdentityKind = (typeof identityKinds)[number]

/** The environment of CONTRACT, validated. Paths are absolute; URLs have no trailing slash. */
export interface Config {
  databaseUrl: string | null
  dataDir: string
  /** The public base URL of the web app. */
  url: string
  /** False: KEYPOINT_URL is not set. */
  isPublicUrl: boolean
  host: string
  port: number
  /** First one seals, all of them unseal. Null: generated into the data directory. */
  sessionSecrets: string[] | null
  cloud: CloudName
  authorityHost: string | null
  resourceManagerUrl: string | null
  logAnalyticsUrl: string | null
  identity: IdentityKind
  tenantId: string | null
  clientId: string | null
  clientSecret: string | null
  clientCertificatePath: string | null
  federatedTokenFile: string | null
  /** The sign-in app registration; null when nobody can sign in (demo, or a command without web app). */
  signIn: { clientId: string; clientSecret: string } | null
  policyPath: string | null
  /** Networks in CIDR form that webhooks may lead to though they are not public. */
  webhookNetworks: string[]
  /** The server that sends mail, with user and password in the URL; null: no e-mail. */
  mail: { smtpUrl: string; from: string } | null
  /** True: the built-in demo tenant is served and nothing real is read. */
  demo: boolean
  demoTenant: string
  /** Set by `keypoint serve` for its web process: the estate that the pages show. */
  estateId: number | null
}

const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i

function baseUrl(protocols: readonly string[]) {
  return z.string().transform((value, context) => {
    const parsed = URL.canParse(value) ? new URL(value) : null
    if (parsed === null || !protocols.includes(parsed.protocol)) {
      context.addIssue({ code: 'custom', message: `is not a ${protocols.map((p) => p.replace(':', '')).join(' or ')} URL; write it like ${protocols.at(-1)}//host, with special characters percent-encoded` })
      return z.NEVER
    }
    return value.replace(/\/+$/, '')
  })
}

/** The URL of a mail server; its user and password are decoded when it is used. */
function mailUrl() {
  return baseUrl(['smtp:', 'smtps:']).refine((value) => {
    try {
      const { username, password } = new URL(value)
      return [username, password].every((part) => decodeURIComponent(part) !== undefined)
    } catch {
      return false
    }
  }, 'has a user or password that cannot be decoded; write % as %25, @ as %40 and : as %3A')
}

function readableFile() {
  return z.string().transform((value, context) => {
    const path = resolve(value)
    try {
      accessSync(path, constants.R_OK)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      context.addIssue({ code: 'custom', message: `names ${path}, which cannot be read (${code}); correct the path or the file's permissions` })
    }
    return path
  })
}

/** A comma list of networks; a single address counts as a network of its own. */
function networks() {
  return z.string().transform((value, context) => {
    const list = value.split(',').map((network) => network.trim()).filter((network) => network !== '')
    const cidrs = list.map((network) => (network.includes('/') ? network : `${network}/${isIP(network) === 6 ? 128 : 32}`))
    for (const [index, cidr] of cidrs.entries()) {
      // ipaddr.js takes 10.20 for 10.0.0.20, as old C libraries do; nobody who writes it means that.
      if (isIP(cidr.replace(/\/.*$/, '')) === 0 || !ipaddr.isValidCIDR(cidr)) context.addIssue({ code: 'custom', message: `holds ${list[index]}, which is no network; write it like 10.20.0.0/16` })
    }
    return cidrs
  })
}

const environment = z.object({
  DATABASE_URL: baseUrl(['postgres:', 'postgresql:']).optional(),
  KEYPOINT_DATA_DIR: z.string().default('.data').transform((path) => (isAbsolute(path) ? path : resolve(path))),
  KEYPOINT_URL: baseUrl(['http:', 'https:']).refine((url) => new URL(url).origin === new URL(url).href.replace(/\/$/, ''), 'has more than a host and a port; give Keypoint a host name of its own, as in https://keypoint.example.com').optional(),
  KEYPOINT_SESSION_SECRET: z.string().optional(),
  AZURE_CLOUD: z.enum(cloudNames, { error: `must be one of ${cloudNames.join(', ')}` }).default('AzureCloud'),
  AZURE_AUTHORITY_HOST: baseUrl(['https:']).optional(),
  AZURE_RESOURCE_MANAGER_URL: baseUrl(['http:', 'https:']).optional(),
  AZURE_LOG_ANALYTICS_URL: baseUrl(['http:', 'https:']).optional(),
  KEYPOINT_IDENTITY: z.enum(identityKinds, { error: `must be one of ${identityKinds.join(', ')}` }).optional(),
  AZURE_TENANT_ID: z.union([z.guid(), z.string().regex(domain)], 'is not a tenant id; take the directory (tenant) ID from the Entra overview page').optional(),
  AZURE_CLIENT_ID: z.guid('is not a GUID; take the application (client) ID from the app registration').optional(),
  AZURE_CLIENT_SECRET: z.string().optional(),
  AZURE_CLIENT_CERTIFICATE_PATH: readableFile().optional(),
  AZURE_FEDERATED_TOKEN_FILE: readableFile().optional(),
  ENTRA_CLIENT_ID: z.string().min(1).optional(),
  ENTRA_CLIENT_SECRET: z.string().optional(),
  KEYPOINT_POLICY: readableFile().optional(),
  KEYPOINT_WEBHOOK_NETWORKS: networks().default([]),
  KEYPOINT_SMTP_URL: mailUrl().optional(),
  KEYPOINT_MAIL_FROM: z.string().regex(/^[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$/, 'is not a sender; write it like Keypoint <keypoint@example.com>').optional(),
  KEYPOINT_DEMO_TENANT: z.string().default('generated:1200:1'),
  PORT: z.string().regex(/^\d{1,5}$/, 'is not a port; use a number from 0 to 65535').transform(Number).refine((p) => p <= 65_535, 'is not a port; use a number from 0 to 65535').default(3000),
  KEYPOINT_HOST: z.string().default('127.0.0.1'),
  KEYPOINT_ESTATE_ID: z.string().regex(/^\d+$/).transform(Number).optional(),
})

/**
 * Reads and validates the environment. Empty variables count as absent.
 * @param purpose `web` also demands what signing people in needs.
 * @throws KeypointError `not-configured` that lists every problem at once, each with the variable's name; values are never shown.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env, purpose: 'command' | 'web' = 'command'): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(present)
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)),
    ...problemsBetween(present, purpose),
  ]
  if (!parsed.success || problems.length > 0) throw configError(problems)
  const e = parsed.data

  const { identity, demo, signInId, signInSecret } = identitiesOf(present)
  const url = e.KEYPOINT_URL ?? `http://localhost:${e.PORT}`
  const sessionSecrets = e.KEYPOINT_SESSION_SECRET === undefined ? null : secretsOf(e.KEYPOINT_SESSION_SECRET)

  return {
    databaseUrl: e.DATABASE_URL ?? null,
    dataDir: e.KEYPOINT_DATA_DIR,
    url,
    isPublicUrl: e.KEYPOINT_URL !== undefined,
    host: e.KEYPOINT_HOST,
    port: e.PORT,
    sessionSecrets,
    cloud: e.AZURE_CLOUD,
    authorityHost: e.AZURE_AUTHORITY_HOST ?? null,
    resourceManagerUrl: e.AZURE_RESOURCE_MANAGER_URL ?? null,
    logAnalyticsUrl: e.AZURE_LOG_ANALYTICS_URL ?? null,
    identity: identityKinds.find((kind) => kind === identity) ?? 'none',
    tenantId: e.AZURE_TENANT_ID?.toLowerCase() ?? null,
    clientId: e.AZURE_CLIENT_ID ?? null,
    clientSecret: e.AZURE_CLIENT_SECRET ?? null,
    clientCertificatePath: e.AZURE_CLIENT_CERTIFICATE_PATH ?? null,
    federatedTokenFile: e.AZURE_FEDERATED_TOKEN_FILE ?? null,
    signIn: !demo && signInId && signInSecret ? { clientId: signInId, clientSecret: signInSecret } : null,
    policyPath: e.KEYPOINT_POLICY ?? null,
    webhookNetworks: e.KEYPOINT_WEBHOOK_NETWORKS,
    mail: e.KEYPOINT_SMTP_URL === undefined || e.KEYPOINT_MAIL_FROM === undefined ? null : { smtpUrl: e.KEYPOINT_SMTP_URL, from: e.KEYPOINT_MAIL_FROM },
    demo,
    demoTenant: e.KEYPOINT_DEMO_TENANT,
    estateId: e.KEYPOINT_ESTATE_ID ?? null,
  }
}

/** The configuration of the web app. @throws KeypointError as `loadConfig`. */
export function loadWebConfig(): Config {
  return loadConfig(process.env, 'web')
}

type Given = Readonly<Record<string, string | undefined>>

/** Which identities are given; without any of them it is the demo. */
function identitiesOf(given: Given) {
  const identity: string = given.KEYPOINT_IDENTITY ?? (given.AZURE_CLIENT_ID ? 'environment' : 'none')
  const isOwnApp = given.ENTRA_CLIENT_ID !== undefined && given.ENTRA_CLIENT_ID !== given.AZURE_CLIENT_ID
  return {
    identity,
    demo: identity === 'none' && given.ENTRA_CLIENT_ID === undefined,
    signInId: given.ENTRA_CLIENT_ID ?? given.AZURE_CLIENT_ID,
    signInSecret: given.ENTRA_CLIENT_SECRET ?? (isOwnApp ? undefined : given.AZURE_CLIENT_SECRET),
  }
}

function secretsOf(list: string): string[] {
  return list.split(',').map((secret) => secret.trim())
}

/** What is missing beside what is given. Looks at the text alone, so that it is told together with variables that are wrong by themselves. */
function problemsBetween(given: Given, purpose: 'command' | 'web'): string[] {
  const problems: string[] = []
  const { identity, demo, signInId, signInSecret } = identitiesOf(given)
  if (identity === 'environment') {
    if (!given.AZURE_CLIENT_ID) problems.push('AZURE_CLIENT_ID is missing; KEYPOINT_IDENTITY=environment needs the application (client) ID of the scanning identity')
    if (!given.AZURE_CLIENT_SECRET && !given.AZURE_CLIENT_CERTIFICATE_PATH && !given.AZURE_FEDERATED_TOKEN_FILE) {
      problems.push('AZURE_CLIENT_SECRET is missing; give it, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE')
    }
  }
  if (!demo && !given.AZURE_TENANT_ID) problems.push('AZURE_TENANT_ID is missing; take the directory (tenant) ID from the Entra overview page')
  const secrets = given.KEYPOINT_SESSION_SECRET
  if (secrets !== undefined && secretsOf(secrets).some((secret) => Buffer.byteLength(secret) < 32)) {
    problems.push('KEYPOINT_SESSION_SECRET is too short; each secret needs 32 bytes or more, for example from: openssl rand -base64 48')
  }
  if (given.KEYPOINT_SMTP_URL !== undefined && given.KEYPOINT_MAIL_FROM === undefined) problems.push('KEYPOINT_MAIL_FROM is missing; mail needs a sender, for example Keypoint <keypoint@example.com>')
  const proxy = demo ? null : proxySetting(given)
  if (proxy !== null && !isProxyUrl(proxy.url)) problems.push(`${proxy.name} is no address of an HTTP proxy; write it like ${proxyExample}`)
  if (purpose === 'web' && !demo) {
    if (!signInId) problems.push('ENTRA_CLIENT_ID is missing; the web app needs an app registration to sign people in')
    if (!signInSecret) problems.push('ENTRA_CLIENT_SECRET is missing; create a client secret in the sign-in app registration')
    if (given.KEYPOINT_URL?.startsWith('https:') && secrets === undefined) {
      problems.push('KEYPOINT_SESSION_SECRET is missing; an https KEYPOINT_URL needs one, for example from: openssl rand -base64 48')
    }
  }
  return problems
}

function configError(problems: string[]): KeypointError {
  const message = problems.length === 1 ? `The environment is wrong: ${problems[0]}` : `The environment is wrong:\n${problems.map((p) => `  - ${p}`).join('\n')}`
  return new KeypointError('not-configured', message, 'Correct the named variables and start again.')
}
