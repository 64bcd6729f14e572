/** What came of an attempt to deliver a message. */
export interface Outcome {
  /** `retry`: it may pass with time. */
  status: 'sent' | 'failed' | 'retry'
  /** For people: what was answered, or why nothing was. Never a secret. */
  sentence: string
  /** True: this process is not configured for it, so that nothing was sent; another may be. It costs no attempt. */
  notConfigured?: boolean
  /** Of a mail that was taken for some recipients: those to try again. */
  recipientsLeft?: string[]
  /** With `retry`: how long the receiver asks to be left alone, in milliseconds. */
  waitMs?: number
  /** True: the receiver says that the address is gone for good. */
  gone?: boolean
}
