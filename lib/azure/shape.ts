import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import { toReadFailure, unexpectedAnswer } from './errors'

/** Azure leaves a value out, gives null or an empty string alike: all three are null here. */
export const text = z.string().nullish().transform((value) => (value === undefined || value === '' ? null : value))
export const number = z.number().nullish().transform((value) => value ?? null)
export const flag = z.boolean().nullish().transform((value) => value ?? null)
export const texts = z.array(z.string()).nullish().transform((value) => value ?? [])

/** One page of a list. */
export interface Page<T> {
  items: T[]
  nextLink: string | null
}

/** Reads an answer of any status: the value when it is 200 and has the shape, else why not. */
export function parseAnswer<T>(status: number, body: unknown, schema: z.ZodType<T>): Collected<T> {
  if (status !== 200) return toReadFailure(status, body)
  if (body === undefined) return unexpectedAnswer('Azure answered 200 with an empty body.')
  if (typeof body === 'string') return unexpectedAnswer('Azure answered 200 with something that is not JSON.')
  const parsed = schema.safeParse(body)
  return parsed.success ? collected(parsed.data) : unexpectedAnswer(`Azure's answer has an unknown shape: ${where(parsed.error)}.`)
}

/** The schema of `{"value":[…],"nextLink":…}`. Made once for each list: making one costs more than reading a page with it. */
export function pageOf<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z.object({ value: z.array(item), nextLink: text }).transform(({ value, nextLink }) => ({ items: value, nextLink }))
}

function where(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue === undefined ? 'no detail' : `${issue.path.join('.') || 'body'}: ${issue.message}`
}
