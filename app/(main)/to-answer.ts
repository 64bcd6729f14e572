import type { ActionAnswer } from '@/components/ui/action-answer'
import { KeypointError } from '@/lib/errors'

/** Runs a verb for an action: errors meant for people become an answer beside the form, all others go to the error page. */
export async function toAnswer<T>(verb: () => Promise<T>): Promise<{ ok: true; value: T } | (ActionAnswer & { ok: false })> {
  try {
    return { ok: true, value: await verb() }
  } catch (error) {
    if (error instanceof KeypointError) return { ok: false, message: `${error.message} ${error.remedy}` }
    throw error
  }
}
