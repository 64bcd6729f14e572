import type { Notice } from '@/lib/domain/notice'
import { headlineOf, type Message } from './message'
import { outlineOf, type Line, type Outline } from './outline'

/** Teams takes 28 kB: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook */
const bytesMax = 27_000

/**
 * The body that a Teams workflow "Post to a channel when a webhook request is received" posts as a card. Names and reasons stand in text runs, of which Adaptive
 * Cards read no Markdown, so that nothing in them can dress up as a link. Where names are long, fewer are listed.
 */
export function teamsBody(message: Message, notice: Notice): string {
  const bodies = [10, 5, 2, 0].map((listedMax) => cardWith(message, outlineOf(notice, listedMax)))
  return bodies.find((body) => Buffer.byteLength(body) <= bytesMax) ?? bodies.at(-1) ?? ''
}

function cardWith(message: Message, outline: Outline): string {
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', msteams: { width: 'Full' },
    fallbackText: plain(headlineOf(message)),
    body: [
      block([run(headlineOf(message), { size: 'large', weight: 'bolder' })]),
      ...outline.lead.map((lead) => block([run(lead)])),
      ...outline.sections.flatMap(({ title, lines }) => [
        { ...block([run(title, { weight: 'bolder' })]), separator: true, spacing: 'medium' },
        ...lines.map((line) => ({ ...block(lineOf(line)), spacing: 'small' })),
      ]),
    ],
    actions: [{ type: 'Action.OpenUrl', title: outline.link.label, url: outline.link.href }],
  }
  return JSON.stringify({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }] })
}

function block(inlines: object[]) {
  return { type: 'RichTextBlock', inlines }
}

function run(value: string, style: object = {}) {
  return { type: 'TextRun', text: plain(value), ...style }
}

function lineOf({ href, label, text }: Line): object[] {
  return [run(label, href === null ? { weight: 'bolder' } : { selectAction: { type: 'Action.OpenUrl', url: href } }), run(text)]
}

/** Cards replace what stands in double braces by dates and data. */
function plain(value: string): string {
  return value.replace(/\{(?=\{)/g, '{\u200b')
}
