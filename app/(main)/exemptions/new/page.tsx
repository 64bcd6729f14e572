import type { Metadata } from 'next'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { checks } from '@/lib/checks'
import { dayMs } from '@/lib/domain/day'
import { exemptionDaysMax } from '@/lib/domain/exemption'
import { askForExemption } from '../actions'
import { ExemptionForm } from '../exemption-form'

export const metadata: Metadata = { title: 'New exemption' }

const daysProposed = 90

export default async function NewExemptionPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  await requireViewer('Keypoint.Operator')
  const { scope, tag, tagValue, check, category, reason } = await searchParams
  const values = {
    scope: textOf(scope), tag: textOf(tag), tagValue: textOf(tagValue), check: textOf(check), category: category === 'mitigated' ? 'mitigated' : 'waived', reason: textOf(reason), until: inDays(daysProposed),
  }
  return (
    <>
      <PageHeader title="New exemption" crumbs={[{ href: '/exemptions', label: 'Exemptions' }]} lead="An exemption has no effect until an Admin approves it. It marks gaps and hides none." />
      <ExemptionForm values={values} checks={checks.map(({ id, title }) => ({ id, title }))} earliest={inDays(0)} latest={inDays(exemptionDaysMax - 1)} action={askForExemption} />
    </>
  )
}

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** A day from now as a date field takes it, UTC. */
function inDays(days: number): string {
  return new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)
}
