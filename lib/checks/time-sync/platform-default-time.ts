import type { Check, CheckContext, Subject } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { askGuest, kindEvidence, machinePermissions } from '../machine'
import { remediateTimeSource } from '../remediation/time-source'
import { machineTimeSource } from './machine-time-source'

/** Publishers whose Windows images keep time by the host, as W32Time does unless told otherwise. */
const windowsPublishers = new Set(['microsoftwindowsserver', 'microsoftwindowsdesktop', 'microsoftsqlserver', 'microsoftvisualstudio'])
/** Ubuntu 19.10 and later, by the names that offers have. */
const ubuntuOffer = /^0001-com-ubuntu-(server|minimal|pro)-(eoan|focal|groovy|hirsute|impish|jammy|kinetic|lunar|mantic)\b|^ubuntu-2\d_\d\d-/i
/** RHEL 8 and later: `8-lvm-gen2`, `86-gen2`, `9_4`, `10-lvm-gen2`. */
const redHatSku = /^(8|9)(\d{0,2}|[._]\d+)(-|_|$)|^10([._]\d+)?(-|_|$)/

export const platformDefaultTime: Check = {
  id: 'platform-default-time',
  version: 2,
  keyPoint: 'time-sync',
  title: 'The image of the machine keeps time by Azure’s host',
  question: 'Was this machine made from an image that takes its time from Azure’s host unless someone changed it?',
  why: 'Azure’s hosts follow Microsoft’s clocks. A machine from a current image follows its host without further ado, which is weaker evidence than a look inside and better than none.',
  severity: 'low',
  optional: true,
  rules: {
    pass: 'The image is one of Microsoft’s of Windows, or Ubuntu 19.10 or Red Hat Enterprise Linux 8 or later, and no guest configuration says otherwise.',
    fail: 'Never: that an image does not bring it proves nothing of the machine.',
    notApplicable: 'An Arc machine has no host of Azure’s, or a service owns the machine.',
    unknown: 'The image is not known, or a guest configuration says that the clock is not kept as required.',
  },
  sources: machineTimeSource.sources,
  mappings: machineTimeSource.mappings,
  permissions: [...machinePermissions],
  asks: ['microsoft.compute/virtualmachines', 'microsoft.hybridcompute/machines'],

  evaluate(subject, context) {
    const asked = askGuest(subject, context)
    if (asked === undefined || subject.kind !== 'resource') return undefined
    if (subject.resource.type === 'microsoft.hybridcompute/machines') return { verdict: 'not-applicable', reason: 'An Arc machine does not run on a host of Azure’s.' }
    if ('judgement' in asked) return asked.judgement
    return judge(subject, imageOf(subject.resource.properties), kindEvidence(asked.machine), context)
  },

  remediate: remediateTimeSource,
}

interface Image {
  publisher: string
  offer: string
  sku: string
}

function imageOf(properties: Record<string, unknown>): Image | null {
  const image = at(at(properties, 'storageProfile'), 'imageReference')
  const [publisher, offer, sku] = ['publisher', 'offer', 'sku'].map((name) => at(image, name))
  return typeof publisher === 'string' && typeof offer === 'string' && typeof sku === 'string' ? { publisher, offer, sku } : null
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function takesHostTime({ publisher, offer, sku }: Image): boolean {
  switch (publisher.toLowerCase()) {
    case 'canonical':
      return ubuntuOffer.test(offer)
    case 'redhat':
      return /^rhel/i.test(offer) && redHatSku.test(sku)
    default:
      // SQL Server images of Linux say so in their offer.
      return windowsPublishers.has(publisher.toLowerCase()) && !/rhel|ubuntu|sles/i.test(offer)
  }
}

function judge(subject: Subject, image: Image | null, kind: Record<string, unknown>, context: CheckContext): Judgement {
  const evidence = { ...kind, image }
  if (image === null || !takesHostTime(image)) {
    const what = image === null ? 'Azure names no image of the machine' : `Nothing is known of how the image ${image.publisher} ${image.offer} ${image.sku} keeps time`
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: `${what}.`, evidence }
  }
  const within = machineTimeSource.evaluate(subject, context)
  if (within?.verdict === 'fail') return { verdict: 'unknown', reasonCode: 'unsupported', reason: `The image takes time from the host, but: ${within.reason}`, evidence }
  return { verdict: 'pass', reason: `The image ${image.offer} ${image.sku} takes time from Azure’s host unless someone changed it.`, evidence }
}
