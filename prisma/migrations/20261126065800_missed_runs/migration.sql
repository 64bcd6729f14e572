ALTER TABLE "estate" ADD COLUMN "schedules_looked_at" TIMESTAMPTZ(3);

CREATE TABLE "missed_run" (
    "schedule_id" UUID NOT NULL,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "cause" TEXT NOT NULL,
    "made_up_at" TIMESTAMPTZ(3),
    "announced_at" TIMESTAMPTZ(3),

    CONSTRAINT "missed_run_pkey" PRIMARY KEY ("schedule_id","planned_at"),
    CONSTRAINT "missed_run_cause_check" CHECK ("cause" IN ('no-worker', 'busy'))
);

ALTER TABLE "missed_run" ADD CONSTRAINT "missed_run_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "schedule"("id") ON DELETE CASCADE ON UPDATE CASCADE;
