import { expect, it } from 'vitest'
import { evidenceInWords, unwordedCodes } from './evidence-words'

it('says codes in words, and leaves names and what is no code as it is', () => {
  expect(evidenceInWords('decidedBy', 'live-audit-group')).toBe('Azure’s own audit group, as read from the live list')
  expect(evidenceInWords('name', 'live-audit-group')).toBe('live-audit-group')
  expect(evidenceInWords('state', 'unclear')).toBe('exists, but whether it takes these logs is not told')
  expect(evidenceInWords('state', 'filtered')).toBe('exists, but may leave out these rows')
  expect(evidenceInWords('decidedBy', 'something else')).toBe('something else')
})

it('finds codes without words at any depth', () => {
  expect(unwordedCodes({ required: { decidedBy: 'by-nobody' }, destinations: [{ kind: 'workspace', state: 'lost' }], names: [{ name: 'rg-app' }] })).toEqual(['decidedBy: by-nobody', 'state: lost'])
  expect(unwordedCodes({ state: 'live', count: 3, missing: ['kube-audit'], reason: 'Plain words' })).toEqual([])
})
