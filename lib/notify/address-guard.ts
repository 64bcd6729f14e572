import ipaddr from 'ipaddr.js'
import { azurePlatformAddress } from '@/lib/domain/network'

/** All of IPv6 that is given out for use on the internet. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** Decides which addresses Keypoint may connect to on a channel's behalf. */
export class AddressGuard {
  private readonly allowed: ReturnType<typeof ipaddr.parseCIDR>[]

  /** @param networks in CIDR form, that are allowed though they are not public. */
  constructor(networks: readonly string[]) {
    this.allowed = networks.map((network) => ipaddr.parseCIDR(network))
  }

  /** An IPv4 address in an IPv6 one is judged as what it is. */
  permits(address: string): boolean {
    return this.isAllowed(address) || isPublic(address)
  }

  /** True: one of the networks that the setting names. */
  isAllowed(address: string): boolean {
    if (!ipaddr.isValid(address)) return false
    const parsed = ipaddr.process(address)
    return this.allowed.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
  }
}

function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv6 ? parsed.match(globalUnicast) : parsed.toString() !== azurePlatformAddress
}

/** A host that leads to an address which is not public. Trying again changes nothing. */
export class RefusedAddressError extends Error {
  constructor(host: string, address: string) {
    super(`${host}${host === address ? '' : ` leads to ${address}, which`} is not a public address. KEYPOINT_WEBHOOK_NETWORKS can allow a network.`)
    this.name = 'RefusedAddressError'
  }
}
