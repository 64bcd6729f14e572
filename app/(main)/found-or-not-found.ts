import { notFound } from 'next/navigation'
import { KeypointError } from '@/lib/errors'

/** What a query found, or the not-found page when it says that there is no such thing. */
export async function foundOrNotFound<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query()
  } catch (error) {
    if (error instanceof KeypointError && error.code === 'not-found') notFound()
    throw error
  }
}
