import { dayMs } from './day'
import type { KeyPoint } from './key-point'
import type { Severity } from './verdict'

/** How messages are sent. Teams and Slack are webhooks whose body those products show. */
export const channelKinds = ['webhook', 'teams', 'slack', 'email'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** What a channel can be told of: changed gaps, trouble with scanning, credentials and exemptions that end soon. */
export const topics = ['changes', 'scanning', 'credentials', 'exemptions'] as const
export type Topic = (typeof topics)[number]

/** The most addresses of one e-mail channel. */
export const recipientsMax = 50

/** When the messages of a day go out as one. */
export interface Digest {
  /** 0 to 23. */
  hour: number
  /** IANA name. */
  timeZone: string
}

/** What a person decides of a channel, without its secrets. */
export interface ChannelInput {
  name: string
  kind: ChannelKind
  /** Of e-mail; empty for webhooks. */
  recipients: string[]
  topics: Topic[]
  /** Gaps below it are left out. */
  minSeverity: Severity
  /** Empty: all of them. */
  keyPoints: KeyPoint[]
  /** Also of a scan without changes. */
  alwaysSend: boolean
  /** Null: each message by itself. */
  digest: Digest | null
}

export interface ChannelRow extends ChannelInput {
  id: string
  /** What may be shown of its address: the host of a webhook, or the recipients. */
  target: string
  /** When its secrets were last entered, ISO 8601 UTC; null for e-mail. */
  sealedAt: string | null
  /** A signing secret that is valid beside the newest one, until a time (ISO 8601 UTC) or, with null, until it is ended; null: there is none. */
  olderSecret: { until: string | null } | null
  /** Until when the receiver asked to be left alone, ISO 8601 UTC; null: it did not, or that has passed. */
  quietUntil: string | null
  enabled: boolean
  /** Why Keypoint switched it off by itself; null when a person did or it is on. */
  disabledReason: string | null
  createdBy: string
  createdAt: string
}

/** What a webhook channel keeps encrypted. */
export interface ChannelSecrets {
  url: string
  /** `whsec_` and 32 bytes in base64; null where the product that listens does not verify signatures. */
  signingSecret: string | null
  /** The one before it, which signs too until a time (ISO 8601 UTC) or, with null, until it is ended. */
  olderSecret: { secret: string; until: string | null } | null
}

/** For how many hours a signing secret stays valid beside the one that replaces it; 0: until somebody ends it. */
export const overlapHours = [1, 24, 168, 0] as const

export const deliveryStatuses = ['held', 'merged', 'waiting', 'sent', 'failed'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

export interface DeliveryRow {
  id: string
  channelId: string
  channelName: string
  title: string
  status: DeliveryStatus
  attempts: number
  /** What the last attempt met, in a sentence; null before the first. */
  outcome: string | null
  createdAt: string
  attemptedAt: string | null
}

/** Whose client secret: that of the scanning identity, or of the app registration that signs people in. */
export const secretOwners = ['scanning', 'sign-in'] as const
export type SecretOwner = (typeof secretOwners)[number]

/** Days before the end at which a credential and an exemption are announced; 0 is the end itself. */
export const credentialDays: readonly number[] = [30, 14, 7, 1, 0]
export const exemptionDays: readonly number[] = [14, 1]

/** The step that is due: the smallest one that the days left do not exceed; null when the end is further away than all of them. */
export function dueStep(steps: readonly number[], expiresAt: string, now: Date): number | null {
  const daysLeft = (Date.parse(expiresAt) - now.getTime()) / dayMs
  const due = steps.filter((step) => daysLeft <= step)
  return due.length === 0 ? null : Math.min(...due)
}
