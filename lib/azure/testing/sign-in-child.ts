import { createCredential } from '../credential'
import { KeypointError } from '../../errors'

/**
 * Signs in with one credential and prints what came of it. A process of its own, because Node reads NODE_EXTRA_CA_CERTS only
 * when it starts.
 */
const [authorityHost = '', clientId = '', clientSecret = '', tenantId = ''] = process.argv.slice(2)
const credential = createCredential({ kind: 'environment', tenantId, clientId, clientSecret, authorityHost, authorityIsPrivate: true })

async function outcome(): Promise<unknown> {
  try {
    const first = await credential.getToken('https://arm.example.test/.default')
    const again = await credential.getToken('https://arm.example.test/.default')
    credential.forget()
    const renewed = await credential.getToken('https://arm.example.test/.default')
    return { signedIn: true, kept: first?.token === again?.token, renewed: first?.token !== renewed?.token }
  } catch (error) {
    if (!(error instanceof KeypointError)) throw error
    return { signedIn: false, code: error.code, message: error.message, remedy: error.remedy }
  }
}

process.stdout.write(JSON.stringify(await outcome()))
