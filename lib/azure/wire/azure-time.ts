import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import type { Clock } from './clock'

/** What time it is at Azure, whose logs go by its own clock: that of the last answer, to the second, and what has passed since. */
export class AzureTime {
  #told: { wall: number; at: number } | null = null

  constructor(private readonly clock: Clock) {}

  get policy(): PipelinePolicy {
    return {
      name: 'keypointAzureTimePolicy',
      sendRequest: async (request, next) => {
        const response = await next(request)
        const wall = Date.parse(response.headers.get('date') ?? '')
        if (!Number.isNaN(wall)) this.#told = { wall, at: this.clock.now() }
        return response
      },
    }
  }

  /** Null: nothing has answered yet. */
  now(): Date | null {
    return this.#told === null ? null : new Date(this.#told.wall + this.clock.now() - this.#told.at)
  }
}
