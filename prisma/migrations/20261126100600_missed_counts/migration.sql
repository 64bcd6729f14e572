-- How many differences incremental scans had missed, of which `missed` lists the first, and whether the activity log could not be asked which these are.
ALTER TABLE "scan_part" ADD COLUMN "missed_count" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "missed_perhaps" BOOLEAN NOT NULL DEFAULT false;
UPDATE "scan_part" SET "missed_count" = jsonb_array_length("missed") WHERE "missed" <> '[]'::jsonb;
