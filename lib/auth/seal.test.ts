import { describe, expect, it } from 'vitest'
import { seal, unseal } from './seal'

const [oldSecret, newSecret] = ['o'.repeat(32), 'n'.repeat(32)]

describe('seal', () => {
  it('opens again and shows nothing of its content', async () => {
    const sealed = await seal([newSecret], 'session cookie', { id: 'plain-text-id' }, 60)
    expect(sealed).not.toContain('plain-text-id')
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('plain-text-id')
    expect(await unseal([newSecret], 'session cookie', sealed)).toMatchObject({ id: 'plain-text-id' })
  })

  it('opens what a rotated secret sealed, and seals with the first', async () => {
    const before = await seal([oldSecret], 'session cookie', { id: 'a' }, 60)
    expect(await unseal([newSecret, oldSecret], 'session cookie', before)).toMatchObject({ id: 'a' })
    const after = await seal([newSecret, oldSecret], 'session cookie', { id: 'b' }, 60)
    expect(await unseal([newSecret], 'session cookie', after)).toMatchObject({ id: 'b' })
    expect(await unseal([oldSecret], 'session cookie', after)).toBeNull()
  })

  it('refuses another purpose, an expired seal and what is no seal', async () => {
    const sealed = await seal([newSecret], 'session cookie', { id: 'a' }, 60)
    expect(await unseal([newSecret], 'sign-in attempt', sealed)).toBeNull()
    expect(await unseal([newSecret], 'session cookie', await seal([newSecret], 'session cookie', {}, -1))).toBeNull()
    for (const junk of ['', 'a.b.c', 'a.b.c.d.e', '....', 'eyJhbGciOiJub25lIn0..', '\u0000']) {
      expect(await unseal([newSecret], 'session cookie', junk)).toBeNull()
    }
  })

  it('refuses every single changed character', async () => {
    const sealed = await seal([newSecret], 'session cookie', { id: 'a' }, 60)
    for (let at = 0; at < sealed.length - 1; at += 1) {
      if (sealed[at] === '.' || sealed[at + 1] === '.') continue
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`
      expect(await unseal([newSecret], 'session cookie', changed)).toBeNull()
    }
  })
})
