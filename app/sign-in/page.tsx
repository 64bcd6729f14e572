import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { ProductMark } from '@/components/frame/top-bar'
import { buttonClass } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { safeReturnTo } from '@/lib/auth/return-to'
import { explainProblem, toGuid, toProblemCode } from '@/lib/auth/sign-in-problem'
import { signInSettings, type SignInSettings } from '@/lib/auth/sign-in-settings'
import { signInOrigin, webConfig } from '@/lib/auth/web-settings'
import { KeypointError } from '@/lib/errors'

export const metadata: Metadata = { title: 'Sign in' }

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const config = webConfig()
  if (config.demo) redirect('/')
  const params = await searchParams
  const problem = params.problem === undefined ? null : toProblemCode(String(params.problem))
  const settings = readSettings()
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-6 px-4 py-10">
      <div className="space-y-2">
        <p className="inline-flex items-center gap-2 font-semibold tracking-tight"><ProductMark /> Keypoint</p>
        <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
        <p className="text-muted">Scores an Azure estate against the ten key points of security logging.</p>
      </div>
      {problem !== null && <ProblemNotice code={problem} correlationId={toGuid(String(params.correlation ?? ''))} host={signInOrigin()} />}
      {settings instanceof KeypointError
        ? <Notice kind="error" title={settings.message}><p>{settings.remedy}</p></Notice>
        : <a href={toStartPath(params.returnTo, problem)} className={buttonClass('primary', 'min-h-11 w-full')}>Sign in with Microsoft</a>}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <dt className="text-muted">Tenant</dt>
        <dd className="wrap-anywhere">{config.tenantId}</dd>
        <dt className="text-muted">Cloud</dt>
        <dd>{config.cloud}</dd>
      </dl>
    </main>
  )
}

function ProblemNotice({ code, correlationId, host }: { code: string; correlationId: string | null; host: string | null }) {
  const { title, remedy } = explainProblem(code)
  return (
    <Notice kind="error" title={title} role="alert">
      <p>{remedy}</p>
      {code === 'authority-unreachable' && host !== null && <p>Sign-in server: <span className="wrap-anywhere">{host}</span></p>}
      {code.startsWith('AADSTS') && <p>Code: {code}</p>}
      {correlationId !== null && <p>Correlation id: <span className="wrap-anywhere">{correlationId}</span></p>}
    </Notice>
  )
}

/** After a problem Entra shows its account list again, since the account may have been the problem. */
function toStartPath(returnTo: string | string[] | undefined, problem: string | null): string {
  const params = new URLSearchParams({ returnTo: safeReturnTo(typeof returnTo === 'string' ? returnTo : null) })
  if (problem !== null) params.set('choose', '1')
  return `/auth/start?${params}`
}

function readSettings(): SignInSettings | KeypointError {
  try {
    return signInSettings(webConfig())
  } catch (error) {
    if (error instanceof KeypointError) return error
    throw error
  }
}
