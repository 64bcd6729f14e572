import { headlineOf, type Message } from './message'
import { outlineOf, type Line, type Outline } from './outline'

export interface MailBody {
  subject: string
  text: string
  html: string
}

/** Of a digest the newest parts, and in all of them so many names. */
const partsMax = 100
const linesMax = 300

/** A message as a mail: the same in plain text and in HTML. A digest holds one part for each notice; the more there are, the fewer names each lists. */
export function mailBody(message: Message, channelsUrl: string): MailBody {
  const shown = message.notices.slice(-partsMax)
  const outlines = shown.map((notice) => outlineOf(notice, Math.min(30, Math.floor(linesMax / shown.length))))
  const untold = message.notices.length - shown.length
  if (untold > 0) outlines.push({ title: `And ${untold.toLocaleString('en')} more: the scans tell of them.`, lead: [], sections: [], link: { label: 'Notifications', href: channelsUrl } })
  const subject = headlineOf(message)
  const why = 'You get this mail because an administrator of Keypoint entered your address.'
  return {
    subject: `[Keypoint] ${subject}`,
    text: `${subject}\n\n${outlines.map((outline) => toText(outline, outlines.length > 1)).join('\n\n----\n\n')}\n\n-- \n${why}\n${channelsUrl}\n`,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>`
      + `<body style="font-family:sans-serif;line-height:1.5;max-width:45rem;margin:0 auto;padding:1rem"><h1 style="font-size:1.3rem">${escapeHtml(subject)}</h1>`
      + `${outlines.map((outline) => toHtml(outline, outlines.length > 1)).join('<hr>')}<hr><p style="font-size:.85rem">${escapeHtml(why)} ${link(channelsUrl, 'Notifications')}</p></body></html>`,
  }
}

function toText({ title, lead, sections, link }: Outline, withTitle: boolean): string {
  const lines = (line: Line) => `- ${line.label}${line.text}${line.href === null ? '' : `\n  ${line.href}`}`
  return [...(withTitle ? [title] : []), lead.join('\n'), ...sections.map((section) => `${section.title}\n${section.lines.map(lines).join('\n')}`), `${link.label}: ${link.href}`].join('\n\n')
}

function toHtml(outline: Outline, withTitle: boolean): string {
  const lines = (line: Line) => `<li>${line.href === null ? `<strong>${escapeHtml(line.label)}</strong>` : link(line.href, line.label)}${escapeHtml(line.text)}</li>`
  return (withTitle ? `<h2 style="font-size:1.15rem">${escapeHtml(outline.title)}</h2>` : '')
    + outline.lead.map((lead) => `<p>${escapeHtml(lead)}</p>`).join('')
    + outline.sections.map((section) => `<h3 style="font-size:1rem">${escapeHtml(section.title)}</h3><ul>${section.lines.map(lines).join('')}</ul>`).join('')
    + `<p>${link(outline.link.href, outline.link.label)}</p>`
}

function link(href: string, label: string): string {
  return `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`
}

/** Text as HTML shows it, also inside a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
