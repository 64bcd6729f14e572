/** The few ways in which the product itself fails. Expected facts of an estate are verdicts, never errors. */
export type ErrorCode = 'usage' | 'invalid' | 'not-configured' | 'not-found' | 'forbidden' | 'conflict' | 'unavailable'

/** An error meant for people: one sentence that names the thing, and what to do about it. */
export class KeypointError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'KeypointError'
  }
}
