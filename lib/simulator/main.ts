import { parseArgs } from 'node:util'
import { KeypointError } from '@/lib/errors'
import { parseDemoTenant } from './demo-tenant'
import { startSimulator } from './server'

/**
 * Runs a simulator as a process of its own. Prints `{"url":…,"tenantId":…}` on stdout once it listens; ends when its stdin closes or on
 * SIGTERM, so that it never outlives the process that started it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'string', default: 'generated:1200:1' },
      subscriptions: { type: 'string' },
      port: { type: 'string', default: '0' },
      latency: { type: 'string', default: '0' },
      limits: { type: 'string', default: 'on' },
      'page-size': { type: 'string', default: '100' },
      'token-lifetime': { type: 'string', default: '3599' },
      'quota-headers': { type: 'boolean', default: false },
    },
  })
  const simulator = await startSimulator({
    tenant: parseDemoTenant(values.tenant, values.subscriptions === undefined ? undefined : wholeNumber('subscriptions', values.subscriptions)),
    port: wholeNumber('port', values.port),
    latencyMs: wholeNumber('latency', values.latency),
    limits: values.limits === 'off' ? false : {},
    pageSize: wholeNumber('page-size', values['page-size']),
    tokenLifetimeSeconds: wholeNumber('token-lifetime', values['token-lifetime']),
    quotaHeaders: values['quota-headers'],
  })
  process.stdout.write(`${JSON.stringify({ url: simulator.url, tenantId: simulator.tenantId })}\n`)

  const stop = () => {
    simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.stdin.resume()
  process.stdin.once('end', stop)
  process.stdin.once('error', stop)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d+$/.test(value))
    throw new KeypointError('usage', `--${name} is '${value}', which is no whole number.`, `Give --${name} a number.`)
  return Number(value)
}

main().catch((error: unknown) => {
  const failure =
    error instanceof KeypointError
      ? { code: error.code, message: error.message, remedy: error.remedy }
      : { message: String(error) }
  process.stderr.write(`${JSON.stringify(failure)}\n`)
  process.exitCode = error instanceof KeypointError && error.code === 'usage' ? 64 : 1
})
