import type { EstateInfo } from '@/lib/domain/views'

/** The product's name in titles; demo data says so there as well. */
export function productName(estate: EstateInfo): string {
  return estate.isDemo ? 'Keypoint (demo)' : 'Keypoint'
}
