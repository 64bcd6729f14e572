import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { entraText } from './entra-text'
import type { TestUser } from './users'

/** The page on which a person signs in or consents: a GET shows it, a POST takes the answer. */
export async function respondToInteraction(provider: Provider, users: TestUser[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const interaction = await provider.interactionDetails(request, response)
  const asksConsent = interaction.prompt.name === 'consent'
  if (request.method !== 'POST') {
    const buttons = asksConsent
      ? ['<p>Keypoint wants to read Azure as you.</p>', button('consent', 'yes', 'Accept')]
      : users.map((user) => button('user', user.objectId, user.name))
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(page(asksConsent ? 'Permissions requested' : 'Pick an account', [...buttons, button('cancel', 'yes', 'Cancel')]))
    return
  }
  const form = await readForm(request)
  if (form.has('cancel')) {
    const description = asksConsent ? entraText('AADSTS65004', 'User declined to consent to access the app.') : 'the user cancelled the authentication'
    return await provider.interactionFinished(request, response, { error: 'access_denied', error_description: description }, { mergeWithLastSubmission: false })
  }
  if (!asksConsent) {
    const accountId = form.get('user') ?? ''
    return await provider.interactionFinished(request, response, { login: { accountId }, select_account: {} })
  }
  const grant = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined
  if (!grant) throw new Error('consent without a grant')
  const missing: Record<string, string[]> = Object(interaction.prompt.details.missingResourceScopes)
  for (const [resource, scopes] of Object.entries(missing)) grant.addResourceScope(resource, scopes.join(' '))
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}

/** A request's form fields. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

function button(name: string, value: string, label: string): string {
  return `<button name="${name}" value="${value}">${label}</button>`
}

function page(title: string, content: string[]): string {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><form method="post">${content.join('\n')}</form></html>`
}
