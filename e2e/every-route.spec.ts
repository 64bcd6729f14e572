import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from './sign-in-fixtures'

const app = fileURLToPath(new URL('../app', import.meta.url))

/** Open to everyone: signing in and out, and health. */
const open = ['/sign-in', '/auth/start', '/auth/callback', '/auth/sign-out', '/api/health']

interface Route {
  path: string
  kind: 'page' | 'handler'
  methods: string[]
}

/** Every route under `app/`, with made-up values for its parameters. */
function listRoutes(): Route[] {
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) => /(^|[/\\])(page\.tsx|route\.tsx?)$/.test(file))
  return files.map((file) => {
    const segments = relative(app, join(app, file, '..')).split(sep).filter((segment) => segment !== '' && !segment.startsWith('('))
    const path = `/${segments.map((segment) => (segment.startsWith('[') ? '00000000-0000-4000-8000-000000000000' : segment)).join('/')}`
    const source = readFileSync(join(app, file), 'utf8')
    const methods = [...source.matchAll(/export (?:async function|const) (GET|POST|PUT|PATCH|DELETE)\b/g)].map((match) => match[1] ?? '')
    return { path, kind: file.endsWith('page.tsx') ? 'page' : 'handler', methods }
  })
}

const routes = listRoutes()
const guarded = routes.filter((route) => !open.includes(route.path))

test('the list of routes is not empty, and holds the open ones', () => {
  expect(guarded.filter((route) => route.kind === 'page').length).toBeGreaterThan(4)
  expect(routes.map((route) => route.path)).toEqual(expect.arrayContaining(open))
})

for (const route of guarded.filter((one) => one.kind === 'page')) {
  test(`page ${route.path} shows nothing without a session`, async ({ request }) => {
    const response = await request.get(route.path, { maxRedirects: 0 })
    expect(response.status()).toBe(307)
    expect(response.headers().location).toMatch(/^\/sign-in/)
  })
}

for (const route of guarded.filter((one) => one.kind === 'handler')) {
  for (const method of route.methods) {
    test(`${method} ${route.path} answers 401 without a session`, async ({ request }) => {
      const response = await request.fetch(route.path, { method, maxRedirects: 0 })
      expect(response.status()).toBe(401)
      expect(await response.json()).toMatchObject({ error: { code: 'unauthenticated' } })
    })
  }
}

test('search engines are told to keep out, without a session', async ({ request }) => {
  const response = await request.get('/robots.txt', { maxRedirects: 0 })
  expect(response.status()).toBe(200)
  expect(await response.text()).toMatch(/^User-agent: \*\nDisallow: \/$/m)
})
