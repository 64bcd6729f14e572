-- What else each worker met at Azure, for the summary of the scan.
ALTER TABLE "scan_worker" ADD COLUMN "timed_out" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "tokens_renewed" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "batches" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "paused_ms" DOUBLE PRECISION NOT NULL DEFAULT 0, ADD COLUMN "most_at_once" INTEGER NOT NULL DEFAULT 0;
