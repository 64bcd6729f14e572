export { checkDatabase, createDatabase, getDatabase, type Database, type Queryable } from './client'
export { startEmbedded, type EmbeddedDatabase } from './embedded'
export { migrate } from './migrate'
export { ensureEstate, findEstate, getEstate } from './estates'
export { acquireScanLock, type ScanLock } from './scan-lock'
export {
  claimScan, createScan, failStaleScans, findScanJob, finishScan, finishUnrunnableScan, latestScan, requestCancel, runningScan, saveParts,
  saveProgress, upsertPart, type ClaimedScan, type ScanEnd, type ScanPartInput,
} from './scans'
export { knownSubscriptions, listSubscriptionNames, managementGroupsOfSubscriptions, markSubscriptionDeleted, saveManagementGroups, saveSubscriptions } from './subscriptions'
export { childIds, closeInventory, loadDestinationResources, loadResources, resourcesOfTypes, saveInventoryPage, saveScopes, type ListedKeys } from './resources'
export { failedReads, forgetFailedReads, forgetReads, referencedDestinations, unreadResources, type PlanQuery, type ReadTarget } from './reading-plan'
export { loadFact, loadFacts, loadFactsAbout, loadFactsBySource, saveFacts } from './facts'
export { policyPlaces, type PlaceOf } from './policy-places'
export { copyParts, judgedScans, partsOf, saveJudging, type JudgedScan } from './judging'
export { storeFindings, type StoredFindings } from './findings'
export { currentPolicy, listPolicies, savePolicy, type PolicyVersion } from './policies'
export { createSession, deleteExpiredSessions, deleteSession, findSession, saveTokenCache, touchSession, type StoredSession } from './sessions'
export { getOverview } from './overview'
export { getScan, listScans, resolveScan } from './scan-rows'
export { listResources, resourceFacets } from './resource-list'
export { getResource } from './resource-detail'
export { streamFindings, type FindingFilters } from './finding-rows'
export {
  countChanges, listChanges, notCompared, openDiff, scanBefore, streamChanges, type ChangeFilters, type ChangeRow, type ComparedScan, type ScanPair,
} from './diff'
export { gapTurnover, type GapTurnover } from './gap-history'
export { enableSchedule, getSchedule, listSchedules, queueDueScan, removeSchedule, saveSchedule, waitingScans } from './schedules'
export { getTrend } from './trends'
