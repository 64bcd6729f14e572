import { z } from 'zod'

/** The id that a form names; null where it names none. */
export function idOf(form: FormData, name = 'id'): string | null {
  const parsed = z.uuid().safeParse(form.get(name))
  return parsed.success ? parsed.data : null
}

/** What is wrong with a form, by field: of each the first that was found. */
export function errorsByField({ issues }: Pick<z.ZodError, 'issues'>): Record<string, string> {
  return Object.fromEntries(issues.toReversed().map(({ path, message }) => [String(path[0]), message]))
}
