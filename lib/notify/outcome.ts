/** What came of an attempt to deliver a message. */
export interface Outcome {
  /** `retry`: it may pass with time. */
  status: 'sent' | 'failed' | 'retry'
  /** For people: what was answered, or why nothing was. Never a secret. */
  sentence: string
  /** True: the receiver says that the address is gone for good. */
  gone?: boolean
}
