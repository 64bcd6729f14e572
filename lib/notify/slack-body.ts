import type { Notice } from '@/lib/domain/notice'
import { headlineOf, type Message } from './message'
import { outlineOf, type Line } from './outline'
import { plainText } from './plain-text'

const listedMax = 10

/**
 * The body of a Slack incoming webhook. Names and reasons stand in rich text elements, which have no markup, so that nothing in them can mention people or
 * dress up as a link; see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
 */
export function slackBody(message: Message, notice: Notice): string {
  const outline = outlineOf(notice, listedMax)
  const headline = headlineOf(message)
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: plainText(headline, 150), emoji: false } },
    richText([section(outline.lead.flatMap((lead) => [text(`${lead}\n`)]))]),
    ...outline.sections.map(({ title, lines }) => richText([section([text(title, true)]), { type: 'rich_text_list', style: 'bullet', elements: lines.map((line) => section(lineOf(line))) }])),
    richText([section([{ type: 'link', url: outline.link.href, text: outline.link.label }])]),
  ]
  return JSON.stringify({ text: escape(headline), blocks })
}

function richText(elements: object[]) {
  return { type: 'rich_text', elements }
}

function section(elements: object[]) {
  return { type: 'rich_text_section', elements }
}

/** Slack refuses an element without text. */
function text(value: string, bold = false) {
  return { type: 'text', text: value === '' ? ' ' : value, ...(bold && { style: { bold: true } }) }
}

function lineOf(line: Line): object[] {
  return [line.href === null ? text(line.label, true) : { type: 'link', url: line.href, text: line.label === '' ? ' ' : line.label }, text(line.text)]
}

/** The text of the notification itself is markup: without these three characters it holds none. */
function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
