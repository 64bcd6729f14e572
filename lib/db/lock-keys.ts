/** The keys of our advisory locks, side by side so that no two are the same. A class is the first of two numbers; what the second stands for is said with it. */

/** Held, shared, by every process that uses the embedded server, on a connection of its own; see docs/decisions/0001. */
export const leaseKey = 7_240_317

/** Held while migrations are applied. Prisma's engine takes a lock too (72707369), but gives up after ten seconds. */
export const migrateKey = 7_240_318

/** Held by who scans the estate of the second number. */
export const scanLockClass = 7_240_319

/** Held while a scan of the estate of the second number is queued, which happens one at a time. */
export const queueLockClass = 7_240_320

/** Held by the worker of the second number while it lives. */
export const workerLockClass = 7_240_321

/** Held, shared, by all workers of an estate; the second number is its hash. */
export const estateLockClass = 7_240_322
