-- The counts of a subscription over hundreds of scans, one row for each: in the roll-ups they are twenty rows, and an index over those was as large as they are.
CREATE TABLE "part_counts" (
    "scan_seq" INTEGER NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "counts" TEXT NOT NULL,

    CONSTRAINT "part_counts_pkey" PRIMARY KEY ("subscription_id", "scan_seq")
);

CREATE INDEX "part_counts_scan_seq_idx" ON "part_counts"("scan_seq");

ALTER TABLE "part_counts" ADD CONSTRAINT "part_counts_scan_seq_fkey" FOREIGN KEY ("scan_seq") REFERENCES "scan"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "part_counts" ("scan_seq", "subscription_id", "counts")
SELECT "scan_seq", "key", string_agg(concat_ws(',',
    (array_position(ARRAY['time-sync', 'central-log-management', 'audit-logging', 'os-security-logs', 'log-retention', 'log-review', 'anomaly-alerts',
      'antimalware-logging', 'dns-query-logging', 'command-line-auditing'], "key_point") - 1) * 4
    + array_position(ARRAY['critical', 'high', 'medium', 'low'], "severity") - 1, "pass", "fail", "unknown", "not_applicable"), ',')
FROM "rollup" WHERE "dimension" = 'subscription' GROUP BY "scan_seq", "key";

DROP INDEX "rollup_by_subscription";
