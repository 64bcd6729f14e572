-- CreateTable
CREATE TABLE "change" (
    "estate_id" INTEGER NOT NULL,
    "event_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "caller" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("estate_id","event_id")
);

-- CreateIndex
CREATE INDEX "change_estate_id_subject_at_idx" ON "change"("estate_id", "subject", "at");

-- AddForeignKey
ALTER TABLE "change" ADD CONSTRAINT "change_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "scan" ADD COLUMN "missed" JSONB;
