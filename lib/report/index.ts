export { diffCsv, diffJson, type Diff } from './diff'
export { openCurrentReport, openScanReport, writeReport, type ReportOptions } from './write-report'
export { reportFileName } from './file-name'
export { resourceEvidence } from './resource-evidence'
