import { describe, expect, it } from 'vitest'
import { rawParams } from '../../ignored-params'
import { ignoredInFile, loadCompareParams } from './search-params'

describe('the address of a file of changes', () => {
  it.each([
    ['from=a&to=b&of=all-known&kind=new-gap&kind=closed-gap&key-point=log-retention&subscription=s', []],
    ['from=a&to=b&page=2&until=2026-06-30', []],
    ['page=two&until=May&until=', ['page=two', 'until=May', 'until=']],
    ['page=1&page=2', ['page=2']],
    ['until=2026-06-30&until=2026-07-01', ['until=2026-07-01']],
    ['until=2026-02-31', ['until=2026-02-31']],
    ['of=null&until=null', ['of=null', 'until=null']],
    ['kind=wrong&constructor=1', ['kind=wrong', 'constructor=1']],
  ])('of %s has what means nothing there', (address, ignored) => {
    const asked = new URLSearchParams(address)
    expect(ignoredInFile(rawParams(asked), loadCompareParams(asked))).toEqual(ignored)
  })
})
