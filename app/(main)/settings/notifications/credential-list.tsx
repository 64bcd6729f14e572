import { formatDay } from '@/components/format'
import { DefinitionList } from '@/components/ui/definition-list'
import type { SecretOwner } from '@/lib/domain/notification'
import type { CredentialState } from '@/lib/notify/credentials'
import { saveExpiry } from './actions'
import { ExpiryForm } from './expiry-form'

/** When what Keypoint signs in with comes to an end; an Admin sees where that is known from, and enters what does not tell. */
export function CredentialList({ credentials, lasting, mayChange, now }: { credentials: CredentialState[]; lasting: string | null; mayChange: boolean; now: Date }) {
  const items = credentials.map((credential) => ({
    term: credential.name,
    value: (
      <div className="space-y-2">
        <p>{endInWords(credential, now)} {mayChange && <span className="text-muted">{credential.source}</span>}</p>
        {mayChange && isSecret(credential.id) && <ExpiryForm secret={credential.id} name={credential.name} expiresOn={credential.expiresAt?.slice(0, 10) ?? ''} action={saveExpiry} />}
      </div>
    ),
  }))
  if (lasting !== null) items.push({ term: 'The scanning identity', value: <p>{lasting}</p> })
  return items.length === 0 ? <p className="text-sm text-muted">Nothing that Keypoint signs in with can expire.</p> : <DefinitionList items={items} />
}

function isSecret(id: CredentialState['id']): id is SecretOwner {
  return id !== 'certificate'
}

function endInWords({ expiresAt }: CredentialState, now: Date): string {
  if (expiresAt === null) return 'It is not known when it expires.'
  return `${Date.parse(expiresAt) <= now.getTime() ? 'It expired' : 'It expires'} on ${formatDay(expiresAt)}.`
}
