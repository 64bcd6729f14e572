export function runLimited(args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }, limitMs: number, graceMs?: number): Promise<number>
