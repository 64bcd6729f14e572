import { describe, expect, it } from 'vitest'
import { interactiveDaysAsked, keptKeyPoints, storedDaysAsked, totalDaysAsked } from './retention-days'

const days = { total: 365, interactive: 90 }

describe('days that are asked', () => {
  it('are those of the key point, else of log retention, else the total', () => {
    expect(totalDaysAsked(days, ['audit-logging'])).toBe(365)
    expect(totalDaysAsked({ ...days, byKeyPoint: { 'log-retention': 400 } }, ['audit-logging'])).toBe(400)
    expect(totalDaysAsked({ ...days, byKeyPoint: { 'log-retention': 400, 'audit-logging': 90 } }, ['audit-logging'])).toBe(90)
  })
  it('are the longest of what one table serves', () => {
    expect(totalDaysAsked({ ...days, byKeyPoint: { 'os-security-logs': 180, 'command-line-auditing': 30 } }, ['os-security-logs', 'command-line-auditing'])).toBe(180)
  })
  it('at hand are never more than in total', () => {
    expect(interactiveDaysAsked(days, 30)).toBe(30)
    expect(interactiveDaysAsked(days, 365)).toBe(90)
  })
  it('of what a service deletes itself are those of CIS until the policy has a figure or asks for less', () => {
    expect(storedDaysAsked(days, 'audit-logging')).toBe(90)
    expect(storedDaysAsked({ total: 30, interactive: 30 }, 'audit-logging')).toBe(30)
    expect(storedDaysAsked({ ...days, byKeyPoint: { 'audit-logging': 365 } }, 'audit-logging')).toBe(365)
  })
  it('are for every key point that has logs', () => {
    expect(keptKeyPoints).toHaveLength(9)
    expect(keptKeyPoints).not.toContain('time-sync')
  })
})
