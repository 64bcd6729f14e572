-- A gap out of sight, or in sight again, was dated by its oldest fail that is kept. That one may be the last of a longer run, of which history was pruned.
UPDATE "finding" f SET "gap_since_seq" = g."gap"
FROM (
  SELECT "resource_ref", "check", "from_seq",
    min(CASE "verdict" WHEN 'fail' THEN least("since_seq", "gap_since_seq") ELSE "gap_since_seq" END)
      OVER (PARTITION BY "resource_ref", "check", "run" ORDER BY "from_seq") AS "gap"
  FROM (
    -- What was proven to be none, or was not judged for a while, begins anew.
    SELECT *, count(*) FILTER (WHERE "breaks") OVER (PARTITION BY "resource_ref", "check" ORDER BY "from_seq") AS "run"
    FROM (
      SELECT "resource_ref", "check", "from_seq", "verdict", "since_seq", "gap_since_seq",
        "verdict" IN ('pass', 'not-applicable') OR lag("to_seq") OVER (PARTITION BY "resource_ref", "check" ORDER BY "from_seq") IS DISTINCT FROM "from_seq" AS "breaks"
      FROM "finding" WHERE ("resource_ref", "check") IN (SELECT "resource_ref", "check" FROM "finding" WHERE "gap_since_seq" IS NOT NULL)
    ) ordered
  ) runs
) g
WHERE f."resource_ref" = g."resource_ref" AND f."check" = g."check" AND f."from_seq" = g."from_seq" AND g."gap" < f."gap_since_seq";

-- Those that were proven closed had been open for longer.
UPDATE "gap_turnover" c SET "open_seconds" = c."open_seconds" + more."seconds"
FROM (
  SELECT t."seq", coalesce(t."subscription_id", '') AS "subscription_id",
    (ARRAY['time-sync', 'central-log-management', 'audit-logging', 'os-security-logs', 'log-retention', 'log-review', 'anomaly-alerts',
      'antimalware-logging', 'dns-query-logging', 'command-line-auditing'])[((t."after_state" >> 35) & 15)::int] AS "key_point",
    sum(extract(epoch FROM coalesce(b."started_at", b."created_at") - coalesce(a."started_at", a."created_at"))) AS "seconds"
  FROM "finding" o
    JOIN "transition" t ON t."estate_id" = o."estate_id" AND t."seq" = o."to_seq" AND t."resource_ref" = o."resource_ref" AND t."check" = o."check"
    JOIN "scan" e ON e."seq" = t."seq" JOIN "scan" a ON a."seq" = o."gap_since_seq" JOIN "scan" b ON b."seq" = t."before_since"
  WHERE o."gap_since_seq" < t."before_since" AND ((t."after_state" >> 32) & 7) IN (1, 4) AND e."pruned_at" IS NULL
  GROUP BY 1, 2, 3
) more
WHERE c."scan_seq" = more."seq" AND c."subscription_id" = more."subscription_id" AND c."key_point" = more."key_point";

UPDATE "transition" t SET "before_since" = o."gap_since_seq" FROM "finding" o
WHERE t."estate_id" = o."estate_id" AND t."seq" = o."to_seq" AND t."resource_ref" = o."resource_ref" AND t."check" = o."check" AND o."gap_since_seq" < t."before_since";
