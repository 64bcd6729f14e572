import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { keyPoints } from '@/lib/domain/key-point'
import { emptyCounts } from '@/lib/domain/score'
import type { KeyPointRow } from '@/lib/domain/views'
import { KeyPointTable } from './key-point-table'

const noFails = { critical: 0, high: 0, medium: 0, low: 0 }
const unjudged: KeyPointRow[] = keyPoints.map(({ slug }) => ({ keyPoint: slug, score: null, coverage: 0, counts: emptyCounts(), failsBySeverity: noFails }))

function rowsOf(rows: KeyPointRow[]): string[] {
  const html = renderToStaticMarkup(createElement(KeyPointTable, { rows }))
  return html.slice(html.indexOf('<tbody>')).split('<tr>').slice(1)
}

describe('KeyPointTable', () => {
  it('says of a key point without findings that it is not judged, and shows no number', () => {
    const rows = rowsOf(unjudged)
    expect(rows).toHaveLength(10)
    for (const row of rows) {
      expect(row).toContain('Not judged yet')
      expect(row.replaceAll(/<[^>]*>/g, '')).not.toMatch(/\d/)
    }
  })

  it('says of one where nothing passed or failed that it is not scored, and links its unknowns', () => {
    const rows = rowsOf(unjudged.map((row) => (row.keyPoint === 'time-sync' ? { ...row, counts: { ...emptyCounts(), unknown: 7 } } : row)))
    expect(rows[0]).toContain('Not scored')
    expect(rows[0]).toContain('href="/resources?verdict=unknown&amp;key-point=time-sync"')
    expect(rows[1]).toContain('Not judged yet')
  })
})
