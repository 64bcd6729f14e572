import type { CloudName } from '@/lib/config'

/** Base URLs without a trailing slash; `armAudience` is the token audience as azure-cli asks for it. */
export interface Cloud {
  name: CloudName
  authorityHost: string
  armEndpoint: string
  armAudience: string
  logAnalyticsEndpoint: string
}

/** The endpoints of azure-cli's cloud table. */
const clouds: Record<CloudName, Cloud> = {
  AzureCloud: {
    name: 'AzureCloud',
    authorityHost: 'https://login.microsoftonline.com',
    armEndpoint: 'https://management.azure.com',
    armAudience: 'https://management.core.windows.net/',
    logAnalyticsEndpoint: 'https://api.loganalytics.io',
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    authorityHost: 'https://login.microsoftonline.us',
    armEndpoint: 'https://management.usgovcloudapi.net',
    armAudience: 'https://management.core.usgovcloudapi.net/',
    logAnalyticsEndpoint: 'https://api.loganalytics.us',
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    authorityHost: 'https://login.chinacloudapi.cn',
    armEndpoint: 'https://management.chinacloudapi.cn',
    armAudience: 'https://management.core.chinacloudapi.cn/',
    logAnalyticsEndpoint: 'https://api.loganalytics.azure.cn',
  },
}

/** China's authority answers under a second name. */
const otherAuthorityNames = ['https://login.partner.microsoftonline.cn']

export interface CloudOverrides {
  authorityHost?: string
  armEndpoint?: string
  logAnalyticsEndpoint?: string
}

/** Where one run talks to: a cloud with the overrides applied. */
export interface CloudEndpoints extends Cloud {
  /** Scope of an ARM token. */
  armScope: string
  /** True when the authority is none of the three clouds': its host is trusted as configured, without instance discovery. */
  authorityIsPrivate: boolean
}

/** A cloud's endpoints with base URLs overridden where given. */
export function cloudEndpoints(name: CloudName, overrides: CloudOverrides = {}): CloudEndpoints {
  const cloud = clouds[name]
  const authorityHost = trimSlash(overrides.authorityHost ?? cloud.authorityHost)
  const endpoints = {
    ...cloud,
    authorityHost,
    armEndpoint: trimSlash(overrides.armEndpoint ?? cloud.armEndpoint),
    logAnalyticsEndpoint: trimSlash(overrides.logAnalyticsEndpoint ?? cloud.logAnalyticsEndpoint),
  }
  return { ...endpoints, armScope: armScopeOf(endpoints), authorityIsPrivate: isPrivateAuthority(authorityHost) }
}

/** True for an authority that is not one of the three clouds'. */
export function isPrivateAuthority(authorityHost: string): boolean {
  const host = trimSlash(authorityHost).toLowerCase()
  return !otherAuthorityNames.includes(host) && !Object.values(clouds).some((cloud) => cloud.authorityHost === host)
}

/**
 * In AzureCloud `{arm}/.default`; in the sovereign clouds the audience of azure-cli, whose own slash doubles before `.default`.
 * An overridden endpoint keeps its cloud's audience, except in AzureCloud, where it is the audience itself.
 */
function armScopeOf(cloud: Cloud): string {
  return cloud.name === 'AzureCloud' ? `${cloud.armEndpoint}/.default` : `${cloud.armAudience}/.default`
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
