import { describe, expect, it } from 'vitest'
import { cloudEndpoints, isPrivateAuthority } from './clouds'

describe('cloudEndpoints', () => {
  it('asks for the ARM endpoint in AzureCloud and for the audience of azure-cli elsewhere', () => {
    expect(cloudEndpoints('AzureCloud').armScope).toBe('https://management.azure.com/.default')
    expect(cloudEndpoints('AzureUSGovernment').armScope).toBe('https://management.core.usgovcloudapi.net//.default')
    expect(cloudEndpoints('AzureChinaCloud').armScope).toBe('https://management.core.chinacloudapi.cn//.default')
  })

  it('takes overrides as base URLs', () => {
    const endpoints = cloudEndpoints('AzureCloud', { authorityHost: 'https://login.example.test/', armEndpoint: 'https://arm.example.test/' })
    expect(endpoints).toMatchObject({
      authorityHost: 'https://login.example.test',
      authorityIsPrivate: true,
      armEndpoint: 'https://arm.example.test',
      armScope: 'https://arm.example.test/.default',
    })
  })

  it('knows the authorities of the clouds in any casing', () => {
    expect(isPrivateAuthority('https://LOGIN.microsoftonline.us/')).toBe(false)
    expect(isPrivateAuthority('https://login.partner.microsoftonline.cn')).toBe(false)
    expect(isPrivateAuthority('https://localhost:8443')).toBe(true)
  })
})
