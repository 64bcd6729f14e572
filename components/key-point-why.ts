import type { KeyPoint } from '@/lib/domain/key-point'

/** Why each key point matters, in a sentence or two. */
export const keyPointWhy: Record<KeyPoint, string> = {
  'time-sync': 'Events of different systems can only be put in order when their clocks agree. A clock that drifts, or that an attacker moves, makes every other log doubtful.',
  'central-log-management': 'An investigation spans resources. Logs that lie where each team put them cannot be searched together, and whoever takes over a resource can often delete the logs beside it.',
  'audit-logging': 'The audit log of a resource tells who read, changed or deleted what inside it. The activity log does not: it knows management operations alone.',
  'os-security-logs': 'Sign-ins, privilege use and process starts on a machine are recorded by its operating system. Nothing outside the machine can tell them later.',
  'log-retention': 'Intrusions are often found months after they began. What was deleted before then cannot be brought back.',
  'log-review': 'Logs that nobody and nothing looks at protect nobody: someone has to be told, and someone has to look. That people look is a process, which no API shows: judged is whether a tool for it is there, whether rules raise what is found, and whether somebody takes it up.',
  'anomaly-alerts': 'An alert turns a line among millions into something that a person acts on while it still helps.',
  'antimalware-logging': 'A detection that stays on one machine is missed when the same thing happens on the next. Together they show a campaign.',
  'dns-query-logging': 'Malware has to find its operator, and most of it asks DNS. The queries tell which machine asked, and when it began.',
  'command-line-auditing': 'A process name says little; its command line says what was done. Without it, an administrator and an attacker look the same.',
}
