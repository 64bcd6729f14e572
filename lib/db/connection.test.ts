import { describe, expect, it } from 'vitest'
import { toDatabaseTrouble } from './connection'

describe('trouble with the database', () => {
  it('is told from any other error, however deep it lies', () => {
    const full = Object.assign(new Error('could not extend file "base/16384/16623"'), { code: '53100' })
    expect(toDatabaseTrouble(new Error('Invalid `db.scan.update()` invocation', { cause: full }))).toMatchObject({ code: 'unavailable', message: 'The disk of the database is full.' })
    expect(toDatabaseTrouble(new Error('could not write to file "pg_wal/xlogtemp.24439": No space left on device'))).toMatchObject({ message: 'The disk of the database is full.' })
    expect(toDatabaseTrouble(new Error('Connection terminated unexpectedly'))).toMatchObject({ message: 'The connection to the database was lost.', remedy: expect.stringContaining('postgres.log') })
    expect(toDatabaseTrouble(new Error('undefined is not a function'))).toBeNull()
    expect(toDatabaseTrouble('text')).toBeNull()
  })
})
