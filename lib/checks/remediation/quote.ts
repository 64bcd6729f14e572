/** One word of a POSIX shell, whatever it holds. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** A Bicep string literal. */
export function bicepString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `'${escaped}'`
}

/** A Terraform string literal. A function gives the replacement, because `$$` in a replacement string means one `$`. */
export function terraformString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('${', () => '$${').replaceAll('%{', '%%{').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `"${escaped}"`
}

/** Stands where only the reader knows the workspace. */
export const workspacePlaceholder = '<workspace resource id>'
