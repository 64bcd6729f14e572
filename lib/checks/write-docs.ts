import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Check } from '@/lib/domain/check'
import { keyPoints, keyPointTitle } from '@/lib/domain/key-point'
import { allAzurePolicyNotes } from './azure-policy-notes'
import { checks } from './list'

/** The folder of the pages, one per check. */
export const docsFolder = fileURLToPath(new URL('../../docs/checks', import.meta.url))

function alternativesOf({ alternatives = [] }: Check): string[] {
  if (alternatives.length === 0) return []
  return ['## What else may count', '', 'Where the policy accepts it (`acceptedAlternatives`):', '', ...alternatives.map(({ id, title, meaning }) => `- \`${id}\`: ${title}. ${meaning}`), '']
}

function policyNotesOf({ id }: Check): string[] {
  const notes = allAzurePolicyNotes(id)
  if (notes.length === 0) return []
  return ['## Where Azure Policy may say something else', '', ...notes.map(({ id: policy, displayName, difference }) => `- ${displayName} (\`${policy}\`): ${difference}`), '']
}

/** A check's page, made from what the check says of itself. */
export function pageOf(check: Check): string {
  const { rules } = check
  const lines = [
    `# ${check.title}`,
    '',
    `\`${check.id}\`, version ${check.version} · ${keyPointTitle(check.keyPoint)} (\`${check.keyPoint}\`) · severity ${check.severity}`,
    ...(check.aliases && check.aliases.length > 0 ? ['', `Formerly ${check.aliases.map((alias) => `\`${alias}\``).join(', ')}.`] : []),
    '',
    check.question,
    ...(check.optional === true ? ['', 'Optional: it is off unless the policy names it among `enabledChecks`.'] : []),
    '',
    '## Why it matters',
    '',
    check.why,
    '',
    '## How it is decided',
    '',
    '| verdict | when |',
    '| --- | --- |',
    `| pass | ${rules.pass} |`,
    `| fail | ${rules.fail} |`,
    ...(rules.notApplicable === undefined ? [] : [`| not-applicable | ${rules.notApplicable} |`]),
    `| unknown | ${rules.unknown} |`,
    '',
    ...alternativesOf(check),
    ...policyNotesOf(check),
    '## Rights it needs',
    '',
    ...check.permissions.map((permission) => `- \`${permission}\``),
    '',
    '## Benchmarks',
    '',
    '| benchmark | controls |',
    '| --- | --- |',
    ...check.mappings.map(({ framework, controls }) => `| ${framework} | ${controls.join(', ')} |`),
    '',
    '## Sources',
    '',
    ...check.sources.map(({ title, url }) => `- [${title}](${url})`),
    '',
  ]
  return lines.join('\n')
}

/** The list of all checks by key point. */
export function indexPage(): string {
  const sections = keyPoints.flatMap(({ slug, title, benchmark }) => {
    const own = checks.filter((check) => check.keyPoint === slug)
    if (own.length === 0) return []
    return [
      '',
      `## ${title} (${benchmark})`,
      '',
      '| check | asks | severity |',
      '| --- | --- | --- |',
      ...own.map((check) => `| [${check.id}](${check.id}.md) | ${check.question} | ${check.severity} |`),
    ]
  })
  return ['# Checks', '', 'Made from the checks themselves by `npx tsx lib/checks/write-docs.ts`.', ...sections, ''].join('\n')
}

/** File name to content of every page. */
export function allPages(): Map<string, string> {
  return new Map([['README.md', indexPage()], ...checks.map((check) => [`${check.id}.md`, pageOf(check)] as const)])
}

function writeAll(): void {
  const pages = allPages()
  mkdirSync(docsFolder, { recursive: true })
  for (const name of readdirSync(docsFolder)) if (!pages.has(name)) rmSync(join(docsFolder, name))
  for (const [name, content] of pages) writeFileSync(join(docsFolder, name), content)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeAll()
