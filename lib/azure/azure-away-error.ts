import { KeypointError } from '../errors'

/**
 * Azure, or what signs in to it, is out of reach of this process for the time being: that says nothing of what was asked about. A scan is left as it is, for this process
 * to go on with later or for another now.
 */
export class AzureAwayError extends KeypointError {
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super('unavailable', message, remedy, options)
    this.name = 'AzureAwayError'
  }
}
