import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds on the page as it is shown, in either theme: each with the first element that has it. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await violations(new AxeBuilder({ page }).withTags(rules))
  // The themes differ in their colours alone.
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await violations(new AxeBuilder({ page }).withRules(['color-contrast']))
  return [...light, ...dark.map((problem) => `dark: ${problem}`)]
}

async function violations(axe: AxeBuilder): Promise<string[]> {
  const { violations: found } = await axe.analyze()
  return found.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
}
