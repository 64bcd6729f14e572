export { writeReport, type ReportRequest } from './write-report'
