import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { VerdictSummary } from '@/components/findings/verdict-summary'
import { formatCounted } from '@/components/format'
import { keyPointWhy } from '@/components/key-point-why'
import { judgedBy, keyPointHref, scanFileHref } from '@/components/links'
import { ScoreLine } from '@/components/overview/score-line'
import { ScanBasis } from '@/components/scans/scan-basis'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { checks } from '@/lib/checks'
import { isKeyPoint, keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import { isTenantWide } from '@/lib/domain/scan'
import type { KeyPointRow } from '@/lib/domain/views'
import { CheckTable } from './check-table'
import { loadOverview } from '../../load-overview'
import { SinceBefore, SinceBeforeAwaited } from '../../since-before'

interface Props {
  params: Promise<{ slug: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params
  const { keyPoints: rows } = await loadOverview()
  const title = keyPoints.find((keyPoint) => keyPoint.slug === slug)?.title ?? 'Not found'
  const row = rows.find((candidate) => candidate.keyPoint === slug)
  if (row === undefined) return { title }
  return { title: `${isJudged(row) ? formatCounted(row.counts.fail, 'gap') : 'Not judged yet'} · ${title}` }
}

export default async function KeyPointPage({ params }: Props) {
  const { slug } = await params
  if (!isKeyPoint(slug)) notFound()
  const overview = await loadOverview()
  const position = keyPoints.findIndex((keyPoint) => keyPoint.slug === slug)
  const keyPoint = keyPoints[position]
  if (keyPoint === undefined) notFound()

  const row = overview.keyPoints.find((candidate) => candidate.keyPoint === slug)
  const { scan } = overview
  const now = new Date()
  const within = scan === null ? {} : judgedBy(scan)
  const own = checks.filter((check) => check.keyPoint === slug)
  return (
    <>
      <PageHeader title={keyPoint.title} crumbs={[{ href: '/key-points', label: 'Key points' }]} lead={`Key point ${position + 1} of ten · ${keyPoint.benchmark}`} />
      <div className="space-y-6">
        {row !== undefined && isJudged(row) && scan !== null ? (
          <section aria-label="Score" className="space-y-3">
            <ScoreLine score={row.score} coverage={row.coverage} scan={scan} unknown={row.counts.unknown} filter={{ ...within, keyPoints: [slug] }} now={now}
              sinceBefore={<Suspense fallback={<SinceBeforeAwaited />}><SinceBefore scanId={scan.scanId} change={null} keyPoint={slug} /></Suspense>} />
            <VerdictSummary counts={row.counts} filter={{ ...within, keyPoints: [slug] }} exported="these findings" fileHref={(format) => scanFileHref(scan.scanId, format, { keyPoints: [slug] })} />
            {!isTenantWide(scan.scope) && <ScanBasis scan={scan} now={now} />}
          </section>
        ) : (
          <EmptyState title="Not judged yet">
            <p>{own.length === 0 ? 'This version of Keypoint has no check for this key point, so it says nothing about it.' : 'No scan has judged anything by this key point’s checks yet.'}</p>
          </EmptyState>
        )}
        <p className="max-w-3xl">{keyPointWhy[slug]}</p>
        {own.length > 0 && (
          <Card title="Checks" id="checks"><CheckTable checks={own} rows={overview.checks} within={within} /></Card>
        )}
        <Neighbours position={position} />
      </div>
    </>
  )
}

function isJudged({ counts }: KeyPointRow): boolean {
  return counts.pass + counts.fail + counts.unknown + counts.notApplicable > 0
}

function Neighbours({ position }: { position: number }) {
  const before = keyPoints[position - 1]
  const after = keyPoints[position + 1]
  return (
    <nav aria-label="Other key points" className="flex flex-wrap justify-between gap-4 text-sm print:hidden">
      {before === undefined ? <span /> : <Neighbour word="Previous" {...before} />}
      {after === undefined ? <span /> : <Neighbour word="Next" {...after} />}
    </nav>
  )
}

function Neighbour({ word, slug, title }: { word: string; slug: KeyPoint; title: string }) {
  return <Link href={keyPointHref(slug)} className="link py-1">{word}: {title}</Link>
}
