import { setFlagsFromString } from 'node:v8'
import { CommanderError } from 'commander'
import { isDebugging } from '@/lib/config/environment'
import { KeypointError } from '@/lib/errors'
import { exitCode } from './exit-codes'
import { buildProgram } from './program'

// A scan makes much short-lived data, and V8 would let the heap grow several times over before it collects.
setFlagsFromString('--heap-growing-percent=80')

/** Anything that went wrong becomes one message and an exit code; stack traces only when KEYPOINT_DEBUG is set. */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage
  const known = error instanceof KeypointError ? error : (await import('@/lib/db/connection')).toDatabaseTrouble(error)
  if (known !== null) {
    process.stderr.write(`keypoint: ${known.message}\n${known.remedy}\n`)
  } else {
    process.stderr.write(`keypoint: unexpected error: ${error instanceof Error ? error.message : String(error)}\nSet KEYPOINT_DEBUG=1 for the stack trace.\n`)
  }
  if (isDebugging() && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  return error instanceof KeypointError && error.code === 'usage' ? exitCode.usage : exitCode.failed
}

// A reader that closes the pipe early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.done)
  throw error
})

try {
  await buildProgram().parseAsync(process.argv)
  // Database pools and kept-alive sockets would hold the process; the work is done, and stdout is flushed first.
  await new Promise((resolve) => process.stdout.write('', resolve))
  process.exit(process.exitCode ?? exitCode.done)
} catch (error) {
  process.exit(await report(error))
}
