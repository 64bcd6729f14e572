import type { Simulator } from '../server'
import { isJsonObject, jsonAt, type JsonObject } from '../json'

export interface Reply {
  status: number
  headers: Headers
  body: unknown
  /** Of a list's `value`. */
  value: JsonObject[]
}

export const settingsVersion = '2021-05-01-preview'

/** Asks a simulator over HTTP, with a token from its token endpoint unless told otherwise. */
export class Client {
  #token = ''

  constructor(readonly simulator: Simulator) {}

  async token(form: Record<string, string> = {}): Promise<Response> {
    const { url, tenantId } = this.simulator
    return fetch(`${url}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'keypoint-demo',
        client_secret: 'keypoint-demo',
        scope: 'https://management.azure.com/.default',
        ...form,
      }),
    })
  }

  async signIn(): Promise<this> {
    this.#token = String(jsonAt(await (await this.token()).json(), 'access_token'))
    return this
  }

  async get(pathOrUrl: string, token = this.#token): Promise<Reply> {
    const response = await fetch(pathOrUrl.startsWith('http') ? pathOrUrl : this.simulator.url + pathOrUrl, {
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    })
    return reply(response)
  }

  async post(path: string, body: unknown): Promise<Reply> {
    const response = await fetch(this.simulator.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return reply(response)
  }

  settings(subject: string): Promise<Reply> {
    return this.get(`${encodeURI(subject)}/providers/Microsoft.Insights/diagnosticSettings?api-version=${settingsVersion}`)
  }

  query(query: string, options: JsonObject = {}, scope: JsonObject = {}): Promise<Reply> {
    return this.post('/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', {
      query,
      options: { resultFormat: 'objectArray', ...options },
      ...scope,
    })
  }
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text()
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text
  const value = jsonAt(body, 'value')
  return {
    status: response.status,
    headers: response.headers,
    body,
    value: Array.isArray(value) ? value.filter(isJsonObject) : [],
  }
}

export function errorCode(answer: Reply): unknown {
  return jsonAt(answer.body, 'error', 'code') ?? jsonAt(answer.body, 'code')
}
