/** A URL that must not be posted to. Trying again changes nothing. */
export class RefusedUrlError extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'RefusedUrlError'
  }
}
