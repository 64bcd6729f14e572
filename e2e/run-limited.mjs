import { spawn } from 'node:child_process'

/**
 * Runs Node.js with these arguments, and waits for its end: that of a process that works for longer than the limit is asked for first, and not awaited after the grace.
 * @returns its exit code; 1 where it was ended by a signal, or could not be started.
 */
export function runLimited(args, { cwd, env }, limitMs, graceMs = 30_000) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: 'inherit' })
    const timers = [
      setTimeout(() => {
        process.stderr.write(`${args[0]} was ended: it took more than ${Math.round(limitMs / 60_000)} minutes.\n`)
        child.kill('SIGTERM')
      }, limitMs),
      setTimeout(() => child.kill('SIGKILL'), limitMs + graceMs),
    ]
    const end = (status) => {
      for (const timer of timers) clearTimeout(timer)
      resolve(status)
    }
    child.once('error', (error) => {
      process.stderr.write(`${args[0]} could not be run: ${error.message}\n`)
      end(1)
    })
    child.once('exit', (code) => end(code ?? 1))
  })
}
