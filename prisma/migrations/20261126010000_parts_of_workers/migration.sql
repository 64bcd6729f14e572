-- AlterTable
ALTER TABLE "scan_part" ADD COLUMN "inventory" TEXT NOT NULL DEFAULT 'open',
ADD COLUMN "worker" INTEGER,
ADD COLUMN "job" UUID,
ADD COLUMN "read_at" TIMESTAMPTZ(3),
ADD COLUMN "carries_over" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "missed" JSONB,
ADD COLUMN "error" JSONB;

ALTER TABLE "scan_part" ADD CONSTRAINT "scan_part_inventory_check" CHECK ("inventory" IN ('open', 'complete', 'unread'));

-- CreateTable
CREATE TABLE "scan_worker" (
    "scan_seq" INTEGER NOT NULL,
    "worker" INTEGER NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "requests" INTEGER NOT NULL,
    "throttled" INTEGER NOT NULL,
    "retried" INTEGER NOT NULL,
    "circuits_opened" INTEGER NOT NULL,
    "reads_planned" INTEGER NOT NULL,
    "reads_done" INTEGER NOT NULL,

    CONSTRAINT "scan_worker_pkey" PRIMARY KEY ("scan_seq","worker")
);

-- AddForeignKey
ALTER TABLE "scan_worker" ADD CONSTRAINT "scan_worker_scan_seq_fkey" FOREIGN KEY ("scan_seq") REFERENCES "scan"("seq") ON DELETE CASCADE ON UPDATE CASCADE;
