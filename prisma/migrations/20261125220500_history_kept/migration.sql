-- How long scans are kept with all of their findings, and when history was last pruned.
ALTER TABLE "estate" ADD COLUMN "history_days" INTEGER NOT NULL DEFAULT 400, ADD COLUMN "pruned_at" TIMESTAMPTZ(3);
ALTER TABLE "estate" ADD CONSTRAINT "estate_history_days_check" CHECK ("history_days" >= 30);

-- Set when a scan's findings were pruned: its figures are all that is left.
ALTER TABLE "scan" ADD COLUMN "pruned_at" TIMESTAMPTZ(3);
