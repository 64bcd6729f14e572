-- A gap stays open while it is out of sight. Since when, where the run of its verdict does not tell.
ALTER TABLE "finding" ADD COLUMN "gap_since_seq" INTEGER;

UPDATE "finding" f SET "gap_since_seq" = g."gap"
FROM (
  SELECT "resource_ref", "check", "from_seq",
    min("from_seq") FILTER (WHERE "verdict" = 'fail') OVER (PARTITION BY "resource_ref", "check", "run" ORDER BY "from_seq") AS "gap"
  FROM (
    -- What was proven to be none, or was not judged for a while, begins anew.
    SELECT "resource_ref", "check", "from_seq", "verdict", count(*) FILTER (WHERE "breaks") OVER (PARTITION BY "resource_ref", "check" ORDER BY "from_seq") AS "run"
    FROM (
      SELECT "resource_ref", "check", "from_seq", "verdict",
        "verdict" IN ('pass', 'not-applicable') OR lag("to_seq") OVER (PARTITION BY "resource_ref", "check" ORDER BY "from_seq") IS DISTINCT FROM "from_seq" AS "breaks"
      FROM "finding"
    ) ordered
  ) runs
) g
WHERE f."resource_ref" = g."resource_ref" AND f."check" = g."check" AND f."from_seq" = g."from_seq"
  AND ((f."verdict" = 'fail' AND g."gap" < f."since_seq") OR (f."verdict" = 'unknown' AND g."gap" IS NOT NULL));

-- Transitions tell since when the gap was open that a pair was before, and nothing of what was none.
UPDATE "transition" SET "before_since" = NULL WHERE "before_since" IS NOT NULL AND (("before_state" >> 32) & 7) <> 2;
UPDATE "transition" t SET "before_since" = o."gap_since_seq" FROM "finding" o
WHERE o."resource_ref" = t."resource_ref" AND o."check" = t."check" AND o."to_seq" = t."seq" AND o."gap_since_seq" IS NOT NULL;

-- Gaps that were proven to be closed after a loss of sight count as closed, and as open all the while.
DELETE FROM "gap_turnover" WHERE "scan_seq" IN (SELECT "seq" FROM "scan" WHERE "pruned_at" IS NULL);
INSERT INTO "gap_turnover" ("scan_seq", "subscription_id", "key_point", "opened", "closed", "open_seconds")
SELECT t."seq", coalesce(t."subscription_id", ''),
  (ARRAY['time-sync', 'central-log-management', 'audit-logging', 'os-security-logs', 'log-retention', 'log-review', 'anomaly-alerts',
    'antimalware-logging', 'dns-query-logging', 'command-line-auditing'])[((t."after_state" >> 35) & 15)::int],
  count(*) FILTER (WHERE t."after" = 2), count(*) FILTER (WHERE t."after" <> 2),
  coalesce(sum(extract(epoch FROM coalesce(e."started_at", e."created_at") - coalesce(b."started_at", b."created_at"))) FILTER (WHERE t."after" <> 2), 0)
FROM (SELECT *, (("before_state" >> 32) & 7)::int AS "before", (("after_state" >> 32) & 7)::int AS "after" FROM "transition") t
  JOIN "scan" e ON e."seq" = t."seq" LEFT JOIN "scan" b ON b."seq" = t."before_since"
WHERE e."pruned_at" IS NULL AND ((t."after" = 2 AND t."before" IN (1, 4)) OR (t."after" IN (1, 4) AND b."seq" IS NOT NULL))
GROUP BY 1, 2, 3;
