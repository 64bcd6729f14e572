import { describe, expect, it } from 'vitest'
import { nameOf } from '@/lib/domain/arm-id'
import { collected, type Collected, type ReadFailure } from '@/lib/domain/collected'
import type { ReadTarget } from '@/lib/db'
import type { Fact } from '@/lib/domain/fact'
import type { LogCategoryList } from '@/lib/domain/estate'
import { categoriesSubjectOf } from '@/lib/domain/categories-subject'
import { CategoryLists } from './category-lists'

function vault(name: string, location = 'westeurope', type = 'microsoft.keyvault/vaults', kind: string | null = null): ReadTarget {
  return { id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`, type, kind, location }
}

const refusal: ReadFailure = { ok: false, reason: 'permission-denied', detail: 'refused', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.Insights/diagnosticSettingsCategories/read' }

function lists(answer: (resource: ReadTarget) => Collected<LogCategoryList>) {
  const asked: string[] = []
  const subject = new CategoryLists(async (resource) => {
    asked.push(nameOf(resource.id))
    await Promise.resolve()
    return answer(resource)
  }, () => '2026-01-01T00:00:00Z')
  return { asked, subject }
}

const good = (resource: ReadTarget) => collected<LogCategoryList>({ resourceType: resource.type, location: resource.location, kind: resource.kind, askedOf: resource.id, categories: [] })

async function saved(subject: CategoryLists): Promise<Fact<'log-categories'>[]> {
  const all: Fact[] = []
  await subject.flush((facts) => Promise.resolve(all.push(...facts)))
  return all.filter((fact): fact is Fact<'log-categories'> => fact.source === 'log-categories')
}

describe('CategoryLists', () => {
  it('asks once per type and region, also when many ask at once', async () => {
    const { asked, subject } = lists(good)
    await Promise.all([...Array(20).keys()].map((i) => subject.of(vault(`kv${i}`))))
    await subject.of(vault('north', 'northeurope'))
    expect(asked).toEqual(['kv0', 'north'])
    expect(await saved(subject)).toHaveLength(2)
    expect(await saved(subject)).toEqual([])
  })

  it('asks anew when nobody could be asked before', async () => {
    let isAway = true
    const { asked, subject } = lists((resource) => {
      if (isAway) throw new Error('Azure is away.')
      return good(resource)
    })
    const both = await Promise.allSettled([subject.of(vault('kv')), subject.of(vault('other'))])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    isAway = false
    expect((await subject.of(vault('kv'))).ok).toBe(true)
    expect(asked).toEqual(['kv', 'kv'])
    expect(await saved(subject)).toHaveLength(1)
  })

  it('asks the next resource when one will not answer', async () => {
    const { asked, subject } = lists((resource) => (nameOf(resource.id) === 'locked' ? refusal : good(resource)))
    expect((await subject.of(vault('locked'))).ok).toBe(false)
    expect((await subject.of(vault('open'))).ok).toBe(true)
    expect((await subject.of(vault('third'))).ok).toBe(true)
    expect(asked).toEqual(['locked', 'open'])
  })

  it('gives up after three resources of a subscription, and says why', async () => {
    const { asked, subject } = lists(() => refusal)
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(await subject.of(vault(name))).toEqual(refusal)
    expect(asked).toEqual(['a', 'b', 'c'])
    const elsewhere = { ...vault('f'), id: vault('f').id.replace('/subscriptions/s/', '/subscriptions/t/') }
    await subject.of(elsewhere)
    expect(asked).toEqual(['a', 'b', 'c', 'f'])
    expect((await saved(subject)).map((fact) => fact.read)).toEqual([refusal])
  })

  it('does not take three parts of one refused resource for three resources', async () => {
    const { asked, subject } = lists((resource) => (resource.id.includes('/vm-locked/') ? refusal : good(resource)))
    const extension = (machine: string, name: string): ReadTarget => ({ id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${machine}/extensions/${name}`, type: 'microsoft.compute/virtualmachines/extensions', kind: null, location: 'westeurope' })
    for (const name of ['a', 'b', 'c', 'd']) expect(await subject.of(extension('vm-locked', name))).toEqual(refusal)
    expect((await subject.of(extension('vm-open', 'e'))).ok).toBe(true)
    expect(asked).toEqual(['a', 'e'])
  })

  it('takes the word of a type that supports no settings at once', async () => {
    const { asked, subject } = lists(() => ({ ok: false, reason: 'not-supported', detail: '', status: 400, code: 'ResourceTypeNotSupported', action: null }))
    await subject.of(vault('a'))
    await subject.of(vault('b'))
    expect(asked).toEqual(['a'])
  })

  it('does not ask for what was read before, unless that read failed', async () => {
    const { asked, subject } = lists(good)
    await subject.of(vault('a'))
    const before = await saved(subject)
    const later = lists(good)
    later.subject.remember(before)
    later.subject.remember([{ subject: categoriesSubjectOf(vault('x', 'northeurope')), source: 'log-categories', subscriptionId: null, read: refusal, readAt: '' }])
    await later.subject.of(vault('b'))
    await later.subject.of(vault('x', 'northeurope'))
    expect(asked).toEqual(['a'])
    expect(later.asked).toEqual(['x'])
    expect(later.subject.known(vault('c'))?.ok).toBe(true)
  })

  it.each([
    ['microsoft.web/sites', 'app,linux', 'app', true],
    ['microsoft.web/sites', 'app', 'functionapp,linux', false],
    ['microsoft.web/sites/slots', 'functionapp,linux,workflowapp', 'functionapp', false],
    ['microsoft.sql/servers/databases', 'v12.0,user,vcore', 'v12.0,user,vcore,serverless', true],
    ['microsoft.sql/servers/databases', 'v12.0,user', 'v12.0,user,datawarehouse,gen2', false],
    ['microsoft.cdn/profiles', 'frontdoor', 'cdn', false],
    ['microsoft.cognitiveservices/accounts', 'OpenAI', 'openai', true],
    ['microsoft.keyvault/vaults', null, 'whatever', true],
  ])('asks %s of the kinds %s and %s once: %s', async (type, one, other, once) => {
    const { asked, subject } = lists(good)
    await subject.of(vault('a', 'westeurope', type, one))
    await subject.of(vault('b', 'westeurope', type, other))
    expect(asked).toEqual(once ? ['a'] : ['a', 'b'])
  })

  it('asks the resource that answered before, whoever comes first', async () => {
    const first = lists(good)
    await first.subject.of(vault('b'))
    const second = lists(good)
    second.subject.askFirst(await saved(first.subject))
    await Promise.all([second.subject.of(vault('a')), second.subject.of(vault('c'))])
    await second.subject.of(vault('b'))
    expect(second.asked).toEqual(['b'])
    expect((await saved(second.subject)).map(({ read }) => read.ok && nameOf(read.value.askedOf))).toEqual(['b'])
  })

  it('goes on with what is there where the one that answered before is gone', async () => {
    const first = lists(good)
    await first.subject.of(vault('old'))
    const gone = { ok: false, reason: 'gone', detail: '', status: 404, code: 'ResourceNotFound', action: null } as const
    const second = lists((resource) => (nameOf(resource.id) === 'old' ? gone : good(resource)))
    second.subject.askFirst(await saved(first.subject))
    const answers = await Promise.all([second.subject.of(vault('a')), second.subject.of(vault('b'))])
    expect(answers.map(({ ok }) => ok)).toEqual([true, true])
    expect(second.asked).toEqual(['old', expect.stringMatching(/^[ab]$/)])
  })

  it('does not wait long for a resource of another subscription', async () => {
    const inT = (name: string) => ({ ...vault(name), id: vault(name).id.replace('/subscriptions/s/', '/subscriptions/t/') })
    const stuck = Promise.withResolvers<Collected<LogCategoryList>>()
    const asked: string[] = []
    const subject = new CategoryLists((resource) => {
      asked.push(nameOf(resource.id))
      return nameOf(resource.id) === 'stuck' ? stuck.promise : Promise.resolve(good(resource))
    }, () => '2026-01-01T00:00:00Z', 20)
    const before = [vault('stuck'), vault('stuck', 'northeurope')].map((resource): Fact<'log-categories'> =>
      ({ subject: categoriesSubjectOf(resource), source: 'log-categories', subscriptionId: null, read: good(resource), readAt: '' }))
    subject.askFirst(before)
    const own = subject.of(vault('a'))
    const answers = await Promise.all(['b', 'c', 'd'].map((name) => subject.of(inT(name))))
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true])
    expect(asked).toEqual(['stuck', expect.stringMatching(/^[bcd]$/)])
    // What keeps others waiting is not asked for them again.
    expect((await subject.of({ ...inT('e'), location: 'northeurope' })).ok).toBe(true)
    expect(asked.slice(2)).toEqual(['e'])
    // A failure that comes late takes nothing back, and helps those who waited for it to the answer of the others.
    stuck.resolve(refusal)
    expect((await own).ok).toBe(true)
    expect((await saved(subject)).map(({ read }) => read.ok)).toEqual([true, true])
  })
})
