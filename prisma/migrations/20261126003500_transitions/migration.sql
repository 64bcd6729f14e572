-- What became of a (resource, check) at a scan, told of changes alone: differences between two scans, and gaps opened and closed, are read from
-- here, so that findings need no indexes for them and a first scan writes nothing more.
CREATE TABLE "transition" (
    "estate_id" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "resource_ref" INTEGER NOT NULL,
    "check" TEXT COLLATE "C" NOT NULL,
    "subscription_id" TEXT COLLATE "C",
    "before_state" BIGINT NOT NULL,
    "after_state" BIGINT NOT NULL,
    "before_since" INTEGER,

    CONSTRAINT "transition_pkey" PRIMARY KEY ("estate_id", "seq", "resource_ref", "check")
);

-- Gaps that a scan saw open and close, by subscription (empty: the tenant's own part) and key point.
CREATE TABLE "gap_turnover" (
    "scan_seq" INTEGER NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "key_point" TEXT NOT NULL,
    "opened" INTEGER NOT NULL,
    "closed" INTEGER NOT NULL,
    "open_seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "gap_turnover_pkey" PRIMARY KEY ("scan_seq", "subscription_id", "key_point")
);
ALTER TABLE "gap_turnover" ADD CONSTRAINT "gap_turnover_scan_seq_fkey" FOREIGN KEY ("scan_seq") REFERENCES "scan"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE FUNCTION transition_state(key_point TEXT, verdict TEXT, reason_key INTEGER) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce((array_position(ARRAY['time-sync', 'central-log-management', 'audit-logging', 'os-security-logs', 'log-retention', 'log-review', 'anomaly-alerts',
      'antimalware-logging', 'dns-query-logging', 'command-line-auditing'], key_point)::bigint << 35)
    | (array_position(ARRAY['pass', 'fail', 'unknown', 'not-applicable'], verdict)::bigint << 32) | (reason_key::bigint & 4294967295), 0)
$$;

INSERT INTO "transition"
SELECT coalesce(n."estate_id", o."estate_id"), coalesce(n."from_seq", o."to_seq"), coalesce(n."resource_ref", o."resource_ref"), coalesce(n."check", o."check"),
  coalesce(n."subscription_id", o."subscription_id"), transition_state(o."key_point", o."verdict", o."reason_key"), transition_state(n."key_point", n."verdict", n."reason_key"), o."since_seq"
FROM "finding" n FULL JOIN "finding" o ON o."resource_ref" = n."resource_ref" AND o."check" = n."check" AND o."to_seq" = n."from_seq"
  -- What the first scan of a subscription found is no change.
  LEFT JOIN (
    SELECT s."estate_id", r."key", min(s."seq") AS seq FROM "scan" s JOIN "rollup" r ON r."scan_seq" = s."seq" AND r."dimension" = 'subscription' GROUP BY 1, 2
  ) first ON first."estate_id" = n."estate_id" AND first."key" = coalesce(n."subscription_id", '')
WHERE coalesce(n."from_seq", o."to_seq") IS NOT NULL AND (o."verdict" IS DISTINCT FROM n."verdict" OR o."reason_key" IS DISTINCT FROM n."reason_key")
  AND (o."verdict" IS NOT NULL OR n."from_seq" > first.seq);

INSERT INTO "gap_turnover"
SELECT t."seq", coalesce(t."subscription_id", ''), n."key_point", count(*) FILTER (WHERE n."verdict" = 'fail'), count(*) FILTER (WHERE o."verdict" = 'fail'),
  coalesce(sum(extract(epoch FROM coalesce(e."started_at", e."created_at") - coalesce(b."started_at", b."created_at"))) FILTER (WHERE o."verdict" = 'fail'), 0)
FROM "transition" t
  JOIN "finding" n ON n."resource_ref" = t."resource_ref" AND n."check" = t."check" AND n."from_seq" = t."seq"
  JOIN "finding" o ON o."resource_ref" = t."resource_ref" AND o."check" = t."check" AND o."to_seq" = t."seq"
  JOIN "scan" e ON e."seq" = t."seq" JOIN "scan" b ON b."seq" = o."since_seq"
WHERE (o."verdict" = 'fail') <> (n."verdict" = 'fail') AND o."verdict" <> 'unknown' AND n."verdict" <> 'unknown'
GROUP BY 1, 2, 3;

DROP FUNCTION transition_state;

-- Changes are told by transitions now.
DROP INDEX "finding_estate_id_from_seq_idx";
DROP INDEX "finding_closed";
-- What a scan closed, for repeating a part, and what ended before history is kept, for pruning.
CREATE INDEX "finding_closed" ON "finding"("estate_id", "to_seq") WHERE "to_seq" IS NOT NULL;

-- Trends: the whole scan in a few rows.
INSERT INTO "rollup" ("scan_seq", "dimension", "key", "key_point", "severity", "pass", "fail", "unknown", "not_applicable")
SELECT "scan_seq", 'total', '', "key_point", "severity", sum("pass"), sum("fail"), sum("unknown"), sum("not_applicable")
FROM "rollup" WHERE "dimension" = 'subscription' GROUP BY "scan_seq", "key_point", "severity";
