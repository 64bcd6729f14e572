-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "estate" (
    "id" SERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "is_demo" BOOLEAN NOT NULL,
    "cloud" TEXT NOT NULL,
    "display_name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "estate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scan" (
    "seq" SERIAL NOT NULL,
    "id" UUID NOT NULL,
    "estate_id" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "requested_by" TEXT NOT NULL,
    "delegated_session_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "progress" JSONB,
    "summary" JSONB,
    "central" JSONB,
    "policy_version" INTEGER NOT NULL DEFAULT 0,
    "resources" INTEGER,
    "score" DOUBLE PRECISION,
    "coverage" DOUBLE PRECISION,
    "error" TEXT,

    CONSTRAINT "scan_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "scan_part" (
    "scan_seq" INTEGER NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "resources" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "scan_part_pkey" PRIMARY KEY ("scan_seq","subscription_id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "estate_id" INTEGER NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "first_seen_seq" INTEGER NOT NULL,
    "last_seen_seq" INTEGER NOT NULL,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("estate_id","subscription_id")
);

-- CreateTable
CREATE TABLE "resource" (
    "id" SERIAL NOT NULL,
    "estate_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "kind" TEXT,
    "location" TEXT NOT NULL,
    "resource_group" TEXT,
    "subscription_id" TEXT,
    "sku_name" TEXT,
    "managed_by" TEXT,
    "tags" JSONB NOT NULL,
    "properties" JSONB NOT NULL,
    "derived_from" TEXT,
    "hash" TEXT NOT NULL,
    "first_seen_seq" INTEGER NOT NULL,
    "gone_seq" INTEGER,
    "fail_critical" INTEGER NOT NULL DEFAULT 0,
    "fail_high" INTEGER NOT NULL DEFAULT 0,
    "fail_medium" INTEGER NOT NULL DEFAULT 0,
    "fail_low" INTEGER NOT NULL DEFAULT 0,
    "unknown_count" INTEGER NOT NULL DEFAULT 0,
    "pass_count" INTEGER NOT NULL DEFAULT 0,
    "rank" INTEGER NOT NULL DEFAULT 0,
    "mask" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "resource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fact" (
    "estate_id" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "subscription_id" TEXT,
    "status" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "read_seq" INTEGER NOT NULL,

    CONSTRAINT "fact_pkey" PRIMARY KEY ("estate_id","subject","source")
);

-- CreateTable
CREATE TABLE "finding" (
    "estate_id" INTEGER NOT NULL,
    "resource_ref" INTEGER NOT NULL,
    "subscription_id" TEXT,
    "key_point" TEXT NOT NULL,
    "check" TEXT NOT NULL,
    "check_version" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "reason_code" TEXT,
    "severity" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "permission" TEXT,
    "hash" TEXT NOT NULL,
    "from_seq" INTEGER NOT NULL,
    "to_seq" INTEGER,
    "since_seq" INTEGER NOT NULL,

    CONSTRAINT "finding_pkey" PRIMARY KEY ("resource_ref","check","from_seq")
);

-- CreateTable
CREATE TABLE "rollup" (
    "scan_seq" INTEGER NOT NULL,
    "dimension" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "key_point" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "pass" INTEGER NOT NULL,
    "fail" INTEGER NOT NULL,
    "unknown" INTEGER NOT NULL,
    "not_applicable" INTEGER NOT NULL,

    CONSTRAINT "rollup_pkey" PRIMARY KEY ("scan_seq","dimension","key","key_point","severity")
);

-- CreateTable
CREATE TABLE "policy" (
    "estate_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("estate_id","version")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "roles" TEXT[],
    "token_cache" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "estate_tenant_id_is_demo_key" ON "estate"("tenant_id", "is_demo");

-- CreateIndex
CREATE UNIQUE INDEX "scan_id_key" ON "scan"("id");

-- CreateIndex
CREATE INDEX "scan_estate_id_seq_idx" ON "scan"("estate_id", "seq" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "resource_estate_id_key_key" ON "resource"("estate_id", "key");

-- CreateIndex
CREATE INDEX "fact_estate_id_subscription_id_source_idx" ON "fact"("estate_id", "subscription_id", "source");

-- CreateIndex
CREATE INDEX "finding_estate_id_from_seq_idx" ON "finding"("estate_id", "from_seq");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- AddForeignKey
ALTER TABLE "scan" ADD CONSTRAINT "scan_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_part" ADD CONSTRAINT "scan_part_scan_seq_fkey" FOREIGN KEY ("scan_seq") REFERENCES "scan"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource" ADD CONSTRAINT "resource_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fact" ADD CONSTRAINT "fact_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollup" ADD CONSTRAINT "rollup_scan_seq_fkey" FOREIGN KEY ("scan_seq") REFERENCES "scan"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy" ADD CONSTRAINT "policy_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot express:

-- Keys sort by bytes, as reports promise, and a prefix search can use their indexes.
ALTER TABLE "resource" ALTER COLUMN "key" TYPE TEXT COLLATE "C";
ALTER TABLE "resource" ALTER COLUMN "type" TYPE TEXT COLLATE "C";
ALTER TABLE "finding" ALTER COLUMN "check" TYPE TEXT COLLATE "C";
ALTER TABLE "fact" ALTER COLUMN "subject" TYPE TEXT COLLATE "C";

-- Room for updates in place: a second scan touches every fact.
ALTER TABLE "fact" SET (fillfactor = 80);
ALTER TABLE "resource" SET (fillfactor = 90);

-- One open finding for each (resource, check).
CREATE UNIQUE INDEX "finding_open" ON "finding"("resource_ref", "check") WHERE "to_seq" IS NULL;
-- The resources page's filters and a narrowed viewer's counts, from the index alone.
CREATE INDEX "finding_open_filters" ON "finding"("estate_id", "check", "verdict", "severity", "key_point", "reason_code") INCLUDE ("resource_ref")
  WHERE "to_seq" IS NULL;
CREATE INDEX "finding_open_by_subscription" ON "finding"("estate_id", "subscription_id") WHERE "to_seq" IS NULL;
-- What a scan closed: repeating a part, and the difference between two scans.
CREATE INDEX "finding_closed" ON "finding"("estate_id", "to_seq") WHERE "to_seq" IS NOT NULL;

-- The resources page: its two usual orders, and its totals, facets and other orders. Every index here is paid for with each posture that changes.
CREATE INDEX "resource_by_rank" ON "resource"("estate_id", "rank" DESC, "key") INCLUDE ("id") WHERE "gone_seq" IS NULL;
CREATE INDEX "resource_by_name" ON "resource"("estate_id", lower("name") COLLATE "C", "key") INCLUDE ("id") WHERE "gone_seq" IS NULL;
CREATE INDEX "resource_totals" ON "resource"("estate_id", "subscription_id", "type", "location") INCLUDE ("mask", "gone_seq");

-- Nothing filters by these, and sampling their JSON made ANALYZE slow.
ALTER TABLE "resource" ALTER COLUMN "properties" SET STATISTICS 0, ALTER COLUMN "tags" SET STATISTICS 0;
ALTER TABLE "fact" ALTER COLUMN "content" SET STATISTICS 0;
ALTER TABLE "finding" ALTER COLUMN "evidence" SET STATISTICS 0, ALTER COLUMN "reason" SET STATISTICS 0, ALTER COLUMN "hash" SET STATISTICS 0;

-- At most one scan of an estate runs at a time.
CREATE UNIQUE INDEX "scan_running" ON "scan"("estate_id") WHERE "status" = 'running';

ALTER TABLE "scan" ADD CONSTRAINT "scan_status_check"
  CHECK ("status" IN ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'));
ALTER TABLE "scan" ADD CONSTRAINT "scan_mode_check" CHECK ("mode" IN ('full', 'incremental'));
ALTER TABLE "scan_part" ADD CONSTRAINT "scan_part_status_check"
  CHECK ("status" IN ('pending', 'running', 'succeeded', 'partial', 'failed'));
ALTER TABLE "finding" ADD CONSTRAINT "finding_verdict_check" CHECK ("verdict" IN ('pass', 'fail', 'not-applicable', 'unknown'));
ALTER TABLE "finding" ADD CONSTRAINT "finding_severity_check" CHECK ("severity" IN ('critical', 'high', 'medium', 'low'));
ALTER TABLE "finding" ADD CONSTRAINT "finding_reason_code_check" CHECK (("verdict" = 'unknown') = ("reason_code" IS NOT NULL));
ALTER TABLE "finding" ADD CONSTRAINT "finding_interval_check" CHECK ("to_seq" > "from_seq" AND "since_seq" <= "from_seq");
