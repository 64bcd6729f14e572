import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { APIRequestContext } from '@playwright/test'
import { z } from 'zod'
import { appRoles, type AppRole } from '@/lib/auth/person'
import { expect, signIn, test } from './sign-in-fixtures'
import type { Tenant } from './tenant'

// A tenant of its own: some actions do what they are sent, even with an empty form.
test.use({ azureTenant: 'generated:40:6' })

/** What each server action needs; null where anyone may, signed in or not. */
const roleOf: Record<string, AppRole | null> = {
  setTheme: null,
  startScan: 'Keypoint.Operator',
  cancelScan: 'Keypoint.Operator',
  judgeAgain: 'Keypoint.Operator',
  saveScheduleForm: 'Keypoint.Operator',
  pauseSchedule: 'Keypoint.Operator',
  removeScheduleById: 'Keypoint.Operator',
  runScheduleNow: 'Keypoint.Operator',
  askForExemption: 'Keypoint.Operator',
  endExemptionById: 'Keypoint.Operator',
  approveExemptionById: 'Keypoint.Admin',
  takeBackRejectionById: 'Keypoint.Admin',
  savePolicyForm: 'Keypoint.Admin',
  saveChecks: 'Keypoint.Admin',
  saveOverride: 'Keypoint.Admin',
  changeOverrides: 'Keypoint.Admin',
  saveHistoryDays: 'Keypoint.Admin',
  saveChannelForm: 'Keypoint.Admin',
  testChannel: 'Keypoint.Admin',
  switchChannel: 'Keypoint.Admin',
  removeChannelById: 'Keypoint.Admin',
  renewSecret: 'Keypoint.Admin',
  endOlderSecretById: 'Keypoint.Admin',
  saveExpiry: 'Keypoint.Admin',
}

const manifestFile = fileURLToPath(new URL('../.next/server/server-reference-manifest.json', import.meta.url))
const manifestSchema = z.object({ node: z.record(z.string(), z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) })) })

interface Action {
  id: string
  name: string
  /** A page that has it. */
  path: string
}

/** The server actions that the app was built with. Read late: the fixture's server builds the app first where it has to. */
function listActions(): Action[] {
  const { node } = manifestSchema.parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
  return Object.entries(node).map(([id, { exportedName, workers }]) => {
    const page = Object.keys(workers).find((key) => !key.includes('[')) ?? ''
    return { id, name: exportedName, path: `/${page.split('/').filter((part) => part !== '' && part !== 'app' && part !== 'page' && !part.startsWith('(')).join('/')}` }
  })
}

/** Sends an action a form without fields of its own as each of its arguments, as React writes it, and says where the answer leads to; null where it stays. */
async function send(request: APIRequestContext, tenant: Tenant, { id, path }: Action): Promise<{ status: number; leadsTo: string | null }> {
  const answer = await request.post(path, {
    headers: { origin: tenant.url, 'next-action': id, accept: 'text/x-component' },
    multipart: { '0': '["$K1","$K1"]', '1_nothing': '' },
    maxRedirects: 0,
  })
  const headers = answer.headers()
  return { status: answer.status(), leadsTo: headers['x-action-redirect'] ?? headers.location ?? null }
}

test('the list above names every action, and no other', ({ tenant }) => {
  expect(tenant.url).not.toBe('')
  expect(listActions().map(({ name }) => name).sort()).toEqual(Object.keys(roleOf).sort())
})

test('without a session every action leads to sign-in', async ({ request, tenant }) => {
  for (const action of listActions()) {
    const { leadsTo } = await send(request, tenant, action)
    if (roleOf[action.name] === null) expect.soft(leadsTo, action.name).toBeNull()
    else expect.soft(leadsTo, action.name).toMatch(/^\/sign-in/)
  }
})

const people = [['Nora Norole', null], ['Rita Reader', 'Keypoint.Reader'], ['Otto Operator', 'Keypoint.Operator'], ['Ada Admin', 'Keypoint.Admin']] as const

for (const [name, held] of people) {
  test(`${name} is refused the actions that need more, and no other`, async ({ page, tenant }) => {
    await signIn(page, name)
    for (const action of listActions()) {
      const needed = roleOf[action.name]
      const { status, leadsTo } = await send(page.request, tenant, action)
      if (needed && (held === null || appRoles.indexOf(held) < appRoles.indexOf(needed))) {
        expect.soft(leadsTo, action.name).toContain(`/no-access?role=${needed}`)
      } else {
        expect.soft(status, action.name).toBeLessThan(400)
        expect.soft(leadsTo ?? '', action.name).not.toMatch(/no-access|sign-in\b/)
      }
    }
  })
}
