import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { RemediationSubject } from '@/lib/domain/check'
import { shellQuote } from './quote'

export type MachineType = 'vm' | 'vmss' | 'arc'

export function machineTypeOf(resourceType: string): MachineType {
  const type = resourceType.toLowerCase()
  return type === 'microsoft.hybridcompute/machines' ? 'arc' : type === 'microsoft.compute/virtualmachinescalesets' ? 'vmss' : 'vm'
}

/** The operating system that the finding's evidence tells; Windows and Linux where it tells none. */
export function systemsOf({ judgement }: RemediationSubject): ('Windows' | 'Linux')[] {
  const machine = judgement.evidence?.machine
  const os = typeof machine === 'object' && machine !== null && 'os' in machine ? machine.os : null
  return os === 'Windows' || os === 'Linux' ? [os] : ['Windows', 'Linux']
}

/** `--subscription … --resource-group …`, as every command takes them. */
export function groupArguments(id: string): string {
  return `--subscription ${shellQuote(subscriptionIdOf(id) ?? '')} --resource-group ${shellQuote(resourceGroupOf(id) ?? '')}`
}

/** The Bicep type and version of a machine. */
export const bicepMachineTypes: Record<MachineType, string> = {
  vm: 'Microsoft.Compute/virtualMachines@2023-09-01',
  vmss: 'Microsoft.Compute/virtualMachineScaleSets@2023-09-01',
  arc: 'Microsoft.HybridCompute/machines@2022-12-27',
}

export function machineNameOf(id: string): string {
  return nameOf(id)
}
