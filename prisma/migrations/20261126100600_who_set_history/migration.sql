-- A shorter time destroys history: who set it is kept with it.
ALTER TABLE "estate" ADD COLUMN "history_days_by" TEXT, ADD COLUMN "history_days_at" TIMESTAMPTZ(3);
