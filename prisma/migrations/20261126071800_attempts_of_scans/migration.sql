-- A process that lost a scan to another must not store its progress or its end any more.
ALTER TABLE "scan" ADD COLUMN "attempt" INTEGER NOT NULL DEFAULT 0;
