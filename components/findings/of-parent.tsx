import { nameOf, parentOf } from '@/lib/domain/arm-id'

/** Databases called master are many, so a child whose name lacks its parent's is followed by it. */
export function OfParent({ name, resourceId }: { name: string; resourceId: string }) {
  const parent = name.includes('/') ? null : parentOf(resourceId)
  return parent === null ? null : <span className="font-normal text-muted"> of {nameOf(parent)}</span>
}
