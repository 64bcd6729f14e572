import { isGuid } from '@/lib/domain/guid'

/** The id, or one that no row has, so that a malformed id is simply not found. */
export function toUuid(id: string): string {
  return isGuid(id) ? id.toLowerCase() : '00000000-0000-0000-0000-000000000000'
}
