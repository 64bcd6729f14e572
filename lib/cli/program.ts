import { Command, InvalidArgumentError, Option } from 'commander'
import { reportFormats } from '@/lib/domain/report-format'
import { isGuid } from '@/lib/domain/guid'
import { isKeyPoint, keyPointSlugs } from '@/lib/domain/key-point'
import { isManagementGroupName } from '@/lib/domain/management-group'
import { nameLengthMax } from '@/lib/domain/name-length'
import { verdicts } from '@/lib/domain/verdict'
import packageJson from '../../package.json' with { type: 'json' }

function subscriptionId(value: string, previous: string[] = []): string[] {
  if (!isGuid(value)) throw new InvalidArgumentError('A subscription is named by its id, a GUID.')
  return [...previous, value.toLowerCase()]
}

function managementGroup(value: string): string {
  const name = value.replace(/^\/providers\/microsoft\.management\/managementgroups\//i, '').replace(/\/$/, '')
  if (!isManagementGroupName(name)) throw new InvalidArgumentError('A management group is named by its id, such as contoso-platform, and not by its display name.')
  return name
}

function scheduleName(value: string): string {
  const name = value.trim()
  if (name === '' || name.length > nameLengthMax) throw new InvalidArgumentError(`A name has 1 to ${nameLengthMax} characters.`)
  return name
}

function keyPoint(value: string, previous: string[] = []): string[] {
  if (!isKeyPoint(value)) throw new InvalidArgumentError(`Key points are: ${keyPointSlugs.join(', ')}.`)
  return [...previous, value]
}

function verdict(value: string, previous: string[] = []): string[] {
  if (!verdicts.some((v) => v === value)) throw new InvalidArgumentError(`Verdicts are: ${verdicts.join(', ')}.`)
  return [...previous, value]
}

function scanId(value: string): string {
  if (value !== 'latest' && !isGuid(value)) throw new InvalidArgumentError('A scan is named by its id (a GUID) or `latest`.')
  return value
}

/** The `keypoint` command. Each subcommand loads its code when it runs, so that help is instant. */
export function buildProgram(): Command {
  const program = new Command('keypoint')
    .description('Scores an Azure estate against the ten key points of security logging. Results go to stdout, progress and logs to stderr.')
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', '\nExit codes: 0 done; 1 failed; 2 done, but some subscription or evidence could not be read; 64 wrong usage.\nConfiguration is by environment variables; see README.md.')
  addScan(program)
  addReport(program)
  addDiff(program)
  addSchedules(program.command('schedule').description('list, add, edit, pause, resume and remove the schedules by which workers scan'))
  addDoctor(program)
  addProcesses(program)
  return program
}

function addScan(program: Command): void {
  program.command('scan')
    .description('run one scan to the end and store it')
    .option('--subscription <id>', 'scan this subscription only (repeatable)', subscriptionId)
    .option('--management-group <name>', 'scan the subscriptions under this management group', managementGroup)
    .option('--full', 'read everything again')
    .option('--json', 'print the scan summary as JSON')
    .addHelpText('after', '\nReads what changed since the last scan, and everything with --full or as often as the policy has it\n(every 7 nights). Goes on with a scan that was interrupted. A management group is named by its id, not by its display\nname.')
    .action(async (options) => (await import('./commands/scan')).scanCommand(options))
}

function addReport(program: Command): void {
  program.command('report')
    .description('write a report of one scan')
    .option('--scan <id>', 'a scan id, or latest', scanId, 'latest')
    .addOption(new Option('--format <format>', 'the format').choices(reportFormats).makeOptionMandatory())
    .option('--verdict <verdict>', 'only findings with this verdict (repeatable)', verdict)
    .option('--key-point <slug>', 'only findings of this key point (repeatable)', keyPoint)
    .option('--subscription <id>', 'only findings in this subscription (repeatable)', subscriptionId)
    .option('--out <file>', 'write here instead of stdout')
    .addHelpText('after', `\nVerdicts: ${verdicts.join(', ')}; without --verdict all of them.\nKey points: ${keyPointSlugs.join(', ')}.`)
    .action(async (options) => (await import('./commands/report')).reportCommand(options))
}

function addDiff(program: Command): void {
  program.command('diff')
    .description('show what changed between two scans')
    .argument('<from>', 'a scan id, or latest', scanId)
    .argument('<to>', 'a scan id, or latest', scanId)
    .option('--json', 'print the changes as JSON')
    .action(async (from, to, options) => (await import('./commands/diff')).diffCommand(from, to, options))
}

function addSchedules(schedule: Command): void {
  schedule.command('list')
    .description('show each schedule with its next five runs')
    .option('--json', 'print the schedules as JSON')
    .action(async (options) => (await import('./commands/schedule')).listSchedulesCommand(options))
  addScheduleAdd(schedule)
  addScheduleEdit(schedule)
  for (const [verb, description] of [['pause', 'run it no more until it is resumed'], ['resume', 'run it again, from its next planned time on']] as const) {
    schedule.command(verb)
      .description(description)
      .argument('<schedule>', 'its id or name')
      .option('--json', 'print the schedule as JSON')
      .action(async (which, options) => (await import('./commands/schedule')).pauseScheduleCommand(which, verb, options))
  }
  schedule.command('remove')
    .description('remove a schedule; its scans are kept')
    .argument('<schedule>', 'its id or name')
    .action(async (which) => (await import('./commands/schedule')).removeScheduleCommand(which))
}

function addScheduleAdd(schedule: Command): void {
  schedule.command('add')
    .description('scan again and again')
    .requiredOption('--name <name>', 'what to call it', scheduleName)
    .option('--cron <expression>', 'minute, hour, day of month, month, day of week (default: "0 2 * * *", every night at two)')
    .option('--time-zone <name>', 'whose clock it goes by, for example Europe/Berlin (default: that of this machine)')
    .option('--subscription <id>', 'scan this subscription only (repeatable)', subscriptionId)
    .option('--management-group <name>', 'scan the subscriptions under this management group', managementGroup)
    .addOption(new Option('--mode <mode>', 'read everything again, or what changed').choices(['full', 'incremental']).default('full'))
    .option('--json', 'print the schedule as JSON')
    .action(async (options) => (await import('./commands/schedule')).addScheduleCommand(options))
}

function addScheduleEdit(schedule: Command): void {
  schedule.command('edit')
    .description('change a schedule; what is not named stays')
    .argument('<schedule>', 'its id or name')
    .option('--name <name>', 'what to call it from now on', scheduleName)
    .option('--cron <expression>', 'minute, hour, day of month, month, day of week')
    .option('--time-zone <name>', 'whose clock it goes by, for example Europe/Berlin')
    .option('--subscription <id>', 'scan this subscription only, in place of what it scanned (repeatable)', subscriptionId)
    .option('--management-group <name>', 'scan the subscriptions under this management group, in place of what it scanned', managementGroup)
    .option('--everything', 'scan everything that the scanning identity can read, in place of what it scanned')
    .addOption(new Option('--mode <mode>', 'read everything again, or what changed').choices(['full', 'incremental']))
    .option('--json', 'print the schedule as JSON')
    .action(async (which, options) => (await import('./commands/schedule')).editScheduleCommand(which, options))
}

function addDoctor(program: Command): void {
  program.command('doctor')
    .description('check configuration, sign-in, database and permissions, and say what to grant')
    .option('--json', 'print the checks as JSON')
    .option('--role', 'print a custom role with the rights of a scan and no others')
    .addHelpText('after', '\nExit codes: 0 all is well; 1 something stops a scan; 2 a scan would leave gaps.')
    .action(async (options) => (await import('./commands/doctor')).doctorCommand(options))
}

/** What runs until it is stopped, and what comes before it. */
function addProcesses(program: Command): void {
  program.command('serve')
    .description('run the web app, with a worker in it')
    .option('--no-worker', 'leave scans to separate `keypoint worker` processes')
    .addHelpText('after', '\nListens on KEYPOINT_HOST and PORT (127.0.0.1:3000 by default) and prints the address when it is ready.')
    .action(async (options) => (await import('./commands/serve')).serveCommand(options))

  program.command('worker')
    .description('run a worker alone')
    .action(async () => (await import('./commands/worker')).workerCommand())

  program.command('migrate')
    .description('bring the database up to date')
    .action(async () => (await import('./commands/migrate')).migrateCommand())
}
