import type { overlapHours } from '@/lib/domain/notification'

export const overlapWords: Record<(typeof overlapHours)[number], string> = { 1: 'for an hour', 24: 'for a day', 168: 'for a week', 0: 'until somebody ends it' }
