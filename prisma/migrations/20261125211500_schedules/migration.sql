-- CreateTable
CREATE TABLE "schedule" (
    "id" UUID NOT NULL,
    "estate_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "mode" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_run_at" TIMESTAMPTZ(3) NOT NULL,
    "last_run_at" TIMESTAMPTZ(3),
    "last_scan_id" UUID,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "schedule_estate_id_name_key" ON "schedule"("estate_id", "name");

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "schedule" ADD CONSTRAINT "schedule_mode_check" CHECK ("mode" IN ('full', 'incremental'));
