import { describe, expect, it } from 'vitest'
import { bicepString, shellQuote, terraformString } from '../../remediation/quote'
import { hostileName } from '../pasteable'
import { wrongWithAz } from './az-commands'
import { wrongWithAzurerm } from './azurerm-arguments'
import { readBicep } from './bicep'
import { readHcl } from './hcl'
import { readShell } from './shell'

const bicep = (body: string): string => `resource a 'Microsoft.KeyVault/vaults@2023-07-01' = {\n${body}\n}`

describe('the reader of Bicep', () => {
  it('reads what Bicep takes, and names as they were written', () => {
    const file = readBicep(`@description('Where')\nparam place string\n\n${bicep(`  name: ${bicepString(hostileName)}\n  location: place\n  properties: {\n    logs: [\n      { category: 'A', enabled: true }\n    ]\n  }`)}`)
    expect(file.resources).toHaveLength(1)
    expect(file.strings).toContain(hostileName)
  })
  it.each([
    ['a name that breaks out', bicep("  name: 'it's'\n  properties: {}")],
    ['interpolation', bicep("  name: '${x}'\n  properties: {}")],
    ['an unclosed object', bicep("  name: 'x'\n  properties: {")],
    ['two properties on a line', bicep("  name: 'x' properties: {}")],
    ['a doubled property', bicep("  name: 'x'\n  name: 'y'\n  properties: {}")],
    ['a name that nothing declares', bicep("  name: 'x'\n  parent: b\n  properties: {}")],
    ['a resource without a name', bicep('  properties: {}')],
    ['a version that is none', "resource a 'Microsoft.KeyVault/vaults@latest' = {\n  name: 'x'\n  properties: {}\n}"],
    ['a type without its version', "resource a 'Microsoft.KeyVault/vaults' = {\n  name: 'x'\n}"],
    ['two resources of one symbol', `${bicep("  name: 'x'\n  properties: {}")}\n${bicep("  name: 'y'\n  properties: {}")}`],
  ])('refuses %s', (_, text) => {
    expect(() => readBicep(text)).toThrow(/./)
  })
})

describe('the reader of HCL', () => {
  const setting = (body: string): string => `resource "azurerm_management_lock" "a" {\n${body}\n}`
  it('reads what Terraform takes', () => {
    const [block] = readHcl(`# In the subscription\n${setting(`  name       = ${terraformString(hostileName)}\n  scope      = azurerm_management_lock.a.id\n  lock_level = "CanNotDelete"\n  parameters = jsonencode({\n    A = { value = "true" }\n  })\n\n  inner {\n    list = ["a", "b"]\n  }`)}`)
    expect([...(block?.arguments ?? [])]).toEqual(['name', 'scope', 'lock_level', 'parameters'])
  })
  it.each([
    ['a name that breaks out', setting('  name = "a"b"')],
    ['a template', setting('  name = "${x}"')],
    ['a directive', setting('  name = "%{x}"')],
    ['an unclosed block', 'resource "a" "b" {\n  name = "x"'],
    ['a doubled argument', setting('  name = "x"\n  name = "y"')],
    ['a reference to nothing', setting('  name = azurerm_other.x.id')],
    ['two blocks of one name', `${setting('  name = "x"')}\n${setting('  name = "y"')}`],
  ])('refuses %s', (_, text) => {
    expect(() => readHcl(text)).toThrow(/./)
  })
  it('knows the arguments of azurerm', () => {
    const wrong = (body: string): string | null => wrongWithAzurerm(readHcl(setting(body))[0] ?? { type: '', labels: [], arguments: new Set(), blocks: [] })
    expect(wrong('  name = "x"\n  scope = "y"\n  lock_level = "z"')).toBeNull()
    expect(wrong('  name = "x"\n  scope = "y"')).toContain('wants lock_level!')
    expect(wrong('  name = "x"\n  colour = "red"')).toContain('takes no colour')
  })
})

describe('the reader of shell commands', () => {
  it('splits words as a shell does, inner commands included', () => {
    expect(readShell(`az a --name ${shellQuote(hostileName)} \\\n  --location "$(az b --ids 'x y')"\nprintf %s '{}' > rule.json`)).toEqual([
      { words: ['az', 'a', '--name', hostileName, '--location', '$'], into: null },
      { words: ['printf', '%s', '{}'], into: 'rule.json' },
      { words: ['az', 'b', '--ids', 'x y'], into: null },
    ])
  })
  it.each(["az a --name it's", 'az a --name $x', 'az a; rm', 'az a | sh', 'az a --name `id`', 'az a --name "$x"', 'az a & b', 'az a *'])('refuses %s', (text) => {
    expect(() => readShell(text)).toThrow(/./)
  })
  it('knows the options of commands', () => {
    const lock = ['az', 'lock', 'create', '--lock-type', 'CanNotDelete', '--name', 'x']
    expect(wrongWithAz(lock)).toBeNull()
    expect(wrongWithAz(lock.slice(0, 5))).toContain('wants --name!')
    expect(wrongWithAz([...lock, '--colour', 'red'])).toContain('takes no --colour')
    expect(wrongWithAz([...lock, '--name', 'y'])).toContain('twice')
    expect(wrongWithAz([...lock, '--notes'])).toContain('without a value')
    expect(wrongWithAz(['az', 'lock', 'break', '--name', 'x'])).toContain('not in the table')
  })
})
