import { expect, it } from 'vitest'
import { parseAsDay } from './parse-day'

it.each([
  ['2026-02-28', '2026-02-28T00:00:00.000Z'],
  ['1970-01-01', '1970-01-01T00:00:00.000Z'],
  ['9999-12-31', '9999-12-31T00:00:00.000Z'],
  ['1969-12-31', undefined],
  ['0000-01-01', undefined],
  ['yesterday', undefined],
  ['', undefined],
])('%j is the day %s', (text, day) => {
  expect(parseAsDay.parse(text)?.toISOString()).toBe(day)
})
