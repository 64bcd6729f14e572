import { Prisma } from './generated/client'

/*
 * Lists as PostgreSQL writes arrays, in one text: on its way to the database a list would be taken apart value by value, several times, and storing a first scan
 * has millions of values.
 */

/** A column of whole numbers. */
export function ints(values: readonly (number | null)[]): Prisma.Sql {
  return Prisma.sql`${`{${values.map((value) => value ?? 'null').join()}}`}::int[]`
}

/** A column of doubles. */
export function doubles(values: readonly number[]): Prisma.Sql {
  return Prisma.sql`${`{${values.join()}}`}::float8[]`
}

/** A column of texts that PostgreSQL accepts (see `toText`). */
export function texts(values: readonly (string | null)[]): Prisma.Sql {
  return Prisma.sql`${`{${values.map((value) => (value === null ? 'null' : quoted(value))).join()}}`}::text[]`
}

const special = /["\\]/

function quoted(value: string): string {
  return `"${special.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value}"`
}
