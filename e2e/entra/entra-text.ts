/** An error's text as Entra writes it. */
export function entraText(code: string, sentence: string, correlationId = '0f0f0f0f-1111-4222-8333-444444444444'): string {
  return `${code}: ${sentence} Trace ID: 5e5e5e5e-1111-4222-8333-444444444444 Correlation ID: ${correlationId} Timestamp: 2026-01-01 00:00:00Z`
}
