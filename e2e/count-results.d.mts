/** Passed and failed tests of one runner. */
export interface Counts {
  passed: number
  failed: number
}
export function countVitest(exitCode: number, report: string): Counts
export function countPlaywright(exitCode: number, report: string): Counts
