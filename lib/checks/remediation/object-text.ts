import { bicepString, terraformString } from './quote'

/** A name that the file itself declares, written as it is: `workspace.id`. */
export class Reference {
  constructor(readonly name: string) {}
}

/** What an ARM body holds. */
export type Body = string | number | boolean | Reference | readonly Body[] | { readonly [name: string]: Body }

interface Notation {
  string: (text: string) => string
  /** Between a property's name and its value. */
  between: string
  /** Between the items of a list. */
  comma: string
}

const bicep: Notation = { string: bicepString, between: ': ', comma: '' }
const hcl: Notation = { string: terraformString, between: ' = ', comma: ',' }

function isList(value: Body): value is readonly Body[] {
  return Array.isArray(value)
}

function written(value: Body, indent: string, notation: Notation): string {
  if (typeof value === 'string') return notation.string(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Reference) return value.name
  const inner = `${indent}  `
  if (isList(value)) {
    if (value.length === 0) return '[]'
    return ['[', ...value.map((item) => `${inner}${written(item, inner, notation)}${notation.comma}`), `${indent}]`].join('\n')
  }
  return ['{', ...Object.entries(value).map(([name, each]) => `${inner}${/^[A-Za-z_]\w*$/.test(name) ? name : notation.string(name)}${notation.between}${written(each, inner, notation)}`), `${indent}}`].join('\n')
}

/** An object or list as Bicep writes it, for a line that is indented so far. */
function bicepBody(value: Body, indent = ''): string {
  return written(value, indent, bicep)
}

/** The same as Terraform writes it. */
export function hclBody(value: Body, indent = ''): string {
  return written(value, indent, hcl)
}

export interface ResourceText {
  symbol: string
  /** With its API version: `Microsoft.Network/networkWatchers/flowLogs@2023-09-01`. */
  type: string
  body: { readonly [name: string]: Body }
  existing?: boolean
}

/** A resource in Bicep. */
export function bicepResource({ symbol, type, body, existing }: ResourceText): string {
  return `resource ${symbol} '${type}'${existing ? ' existing' : ''} = ${bicepBody(body)}`
}

/** What azurerm has no resource for: azapi makes it below a parent. */
export function azapiResource(label: string, type: string, where: { name: string; parentId: string | Reference; location?: string }, properties: Body): string {
  return [
    `resource "azapi_resource" "${label}" {`,
    `  type      = "${type}"`,
    `  name      = ${terraformString(where.name)}`,
    `  parent_id = ${hclBody(where.parentId)}`,
    ...(where.location === undefined ? [] : [`  location  = ${terraformString(where.location)}`]),
    `  body = ${hclBody({ properties }, '  ')}`,
    '}',
  ].join('\n')
}

/** Some properties of a resource that is there: azapi leaves the others as they are, where azurerm would want all of them. */
export function azapiUpdate(label: string, type: string, resourceId: string, properties: Body): string {
  return azapiUpdateBody(label, type, resourceId, { properties })
}

/** The same for what stands beside the properties. */
export function azapiUpdateBody(label: string, type: string, resourceId: string, body: Body): string {
  return [
    `resource "azapi_update_resource" "${label}" {`,
    `  type        = "${type}"`,
    `  resource_id = ${terraformString(resourceId)}`,
    `  body = ${hclBody(body, '  ')}`,
    '}',
  ].join('\n')
}
