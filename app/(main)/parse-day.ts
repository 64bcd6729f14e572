import { createParser, parseAsIsoDate } from 'nuqs/server'

/** A day (UTC) of the address, as a date field writes it. Before 1970 there is none: no scan is so old, and PostgreSQL has no year 0. */
export const parseAsDay = createParser({
  parse: (text) => {
    const day = parseAsIsoDate.parse(text)
    return day === null || day.getTime() < 0 ? null : day
  },
  serialize: parseAsIsoDate.serialize,
  eq: parseAsIsoDate.eq,
})
