import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { pageOf, parseAnswer, texts, type Page } from './shape'
import type { Wire } from './wire/wire'

/** What one role assignment gives: the actions that match `actions` and none of `notActions`; both may hold `*`. */
export interface GrantedActions {
  actions: string[]
  notActions: string[]
}

const permissionPage = pageOf(z.object({ actions: texts, notActions: texts }))

function parsePermissions(status: number, body: unknown): Collected<Page<GrantedActions>> {
  return parseAnswer(status, body, permissionPage)
}

/** What the identity may do at a scope, by all its role assignments there and above. Deny assignments do not show in it. */
export async function readPermissions(wire: Wire, scopeId: string): Promise<Collected<GrantedActions[]>> {
  const path = `${armPath(scopeId)}/providers/Microsoft.Authorization/permissions?api-version=${apiVersions.permissions}`
  const read = await readPages(wire, wire.get(path), parsePermissions)
  return read.ok ? collected(read.value) : read
}

/** The wanted actions that no assignment gives; actions are compared in any casing. */
export function actionsMissing(wanted: readonly string[], granted: readonly GrantedActions[]): string[] {
  const patterns = granted.map(({ actions, notActions }) => ({ gives: actions.map(toPattern), takes: notActions.map(toPattern) }))
  return wanted.filter((action) => !patterns.some(({ gives, takes }) => gives.some((p) => p.test(action)) && !takes.some((p) => p.test(action))))
}

function toPattern(action: string): RegExp {
  return new RegExp(`^${action.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 'i')
}
