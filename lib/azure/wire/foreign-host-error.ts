/** Thrown before a token would be sent to a host other than the ARM endpoint. */
export class ForeignHostError extends Error {
  constructor(url: string) {
    super(`A link leads to ${new URL(url).host}, which is not the Azure endpoint.`)
    this.name = 'ForeignHostError'
  }
}
