export { createDatabase, getDatabase, type Database, type Queryable } from './client'
export { connectionTo, isDatabaseLost } from './connection'
export { databaseTime, lastChanges, lastFullScan, lastReads, saveAzureStart, saveChanges, setScanMode, type LastRead, type StoredChange } from './changes'
export { startEmbedded, type EmbeddedDatabase } from './embedded'
export { migrate } from './migrate'
export { ensureEstate, findEstate, getEstate } from './estates'
export { acquireScanLock, type ScanLock } from './scan-lock'
export { openSharedBuckets } from './shared-buckets'
export { failStaleScans, finishScan, finishUnrunnableScan, type ScanEnd } from './scan-ends'
export { queueScan } from './scan-queueing'
export { claimScan, createScan, findLedScan, findScanJob, interruptedScan, latestScan, leadsScan, requestCancel, saveParts, saveProgress, saveWorkDone, upsertPart, type ClaimedScan, type ScanPartInput, type WorkDone } from './scans'
export {
  closePartInventory, leavePart, notePartMissed, openParts, partTried, partsMissed, partStates, partsToRead, unreadParts, saveMissed, savePartError, savePartRead, savePartTried, settlePartMissed, takePart,
  type InventoryState, type PartError,
} from './scan-parts'
export { announceWorker, leaderlessScans, missingWorkers, newWorker, otherWorkersLive, takeFromDead, type WorkerLife } from './worker-life'
export { knownSubscriptions, listDeletedSubscriptions, listSubscriptionNames, managementGroupsOfSubscriptions, markSubscriptionDeleted, saveManagementGroups, saveSubscriptions } from './subscriptions'
export { childIds, closeInventory, countPresentResources, destinationPages, environmentLogCustomers, idsOfTypes, loadFamilies, loadResources, resourceKinds, resourcePages, resourcesOfTypes, saveInventoryPage, saveScopes, type ListedKeys } from './resources'
export { auditedStorage, failedReads, forgetBelow, forgetBelowRefused, forgetFailedReads, forgetNotAsked, forgetUnused, forgetOneBelow, forgetReads, forgetRefusedBeside, kindsRead, keptReads, referencedDestinations, sourcesRead, unreadResources, workspacesNamedBy, type PlanQuery, type ReadKey, type ReadTarget, type SightTry } from './reading-plan'
export { loadFacts, loadFactsBySource, loadFactsOf, saveFacts, type FactReading, type SavedFacts } from './facts'
export { listLogReach, saveLogReach } from './log-reach'
export { knownManagementGroups, markManagementGroupsDeleted } from './management-groups'
export { policyPlaces, type PlaceOf } from './policy-places'
export { copyParts, judgedScans, partsOf, saveJudgedScope, saveJudging, type JudgedScan } from './judging'
export type { StoredFindings } from './finding-intervals'
export { storeFindings, type FindingSlices } from './findings'
export { KnownJudgements } from './judgements'
export { currentPolicy, listPolicies, savePolicy, type PolicyVersion } from './policies'
export { createSession, deleteExpiredSessions, deleteSession, findSession, saveTokenCache, touchSession, type StoredSession } from './sessions'
export { getOverview, lastCheckCounts, lastWithResults } from './overview'
export { countScans, getScan, getScanProgress, listParts, listScans, resolveScan, scanningState } from './scan-rows'
export { listResources, resourceFacets } from './resource-list'
export { getResource } from './resource-detail'
export { streamCurrentFindings, streamFindings, type FindingFilters } from './finding-rows'
export { countChanges } from './comparisons'
export { listChanges, streamChanges, type ChangeFilters, type ChangeRow } from './diff'
export { streamUnseenGaps } from './unseen-gaps'
export { firstRead, notCompared, openDiff, scanBefore, type ComparedScan, type ScanPair } from './scan-pairs'
export { listCheckGaps } from './check-gaps'
export { gapTurnover, type GapTurnover } from './gap-history'
export { enableSchedule, getSchedule, listSchedules, queueDueScan, removeSchedule, saveSchedule, waitingScans } from './schedules'
export { markSchedulesLooked, noteMissedRuns, takeMissedRuns, type MissedRun } from './missed-runs'
export { getTrend, trendSubjects, type TrendQuery, type TrendSubjects } from './trends'
export { exemptionPageRows, listExemptions, type ExemptionPage, type ExemptionPart } from './exemption-list'
export { approveExemption, endExemption, expiringExemptions, loadExemptions, requestExemption, takeBackRejection } from './exemptions'
export { countExempted } from './exempt-counts'
export { getPolicyExemptions, savePolicyExemptions, unmappedPageRows, type PolicyExemptionsRead, type PolicyExemptionsState } from './policy-exemptions'
export { getHistoryKept, historyDaysMax, historyDaysMin, pruneHistory, setHistoryDays, shortenedTo, type HistoryKept, type Shortened } from './history-kept'
export {
  findChannelAtWork, disableChannel, enableChannel, enabledChannels, getChannel, listChannels, removeChannel, replaceSeal, saveChannel, sealedChannels, takeDueDigests,
  type ChannelAddress, type ChannelAtWork,
  quietChannel, replaceSecrets,
} from './channels'
export { countGaps } from './rollups'
export {
  createDelivery, failAbandonedDeliveries, findDelivery, findWaitingDelivery, forgottenDeliveries, hasUntriedDeliveries, listDeliveries, noteOutcome, recordAttempt,
  takeHeld, type WaitingDelivery, type WaitingMessage,
} from './deliveries'
export {
  partOutcomes, scanOfScopeBefore, scanWithResultsBefore, takeNew, takeUnannounced, unannouncedScans, type EndedScan,
} from './announcements'
export { listSecretExpiry, setSecretExpiry, type SecretExpiryRow } from './secret-expiry'
