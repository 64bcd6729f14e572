import { createLoader, parseAsNumberLiteral, parseAsString } from 'nuqs/server'
import { trendSpans } from '@/lib/domain/trend'

/** Which trend is shown: its last days, of everything or of one subscription. */
export const loadTrendParams = createLoader({ days: parseAsNumberLiteral(trendSpans).withDefault(90), subscription: parseAsString.withDefault('') })
