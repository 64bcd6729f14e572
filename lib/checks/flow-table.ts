import type { EffectiveCategory, Flow } from './effective-logging'

/** The table of a workspace that a flow's rows land in; null when no source says. */
export function tableOfFlow(flow: Pick<Flow, 'dedicated'>, category: Pick<EffectiveCategory, 'table'>, bothTables: boolean): string | null {
  // A category without a table of its own that we know of is in the shared one where the setting says so.
  const shared = bothTables ? flow.dedicated !== true : flow.dedicated === false && category.table === null
  return shared ? 'AzureDiagnostics' : category.table
}
