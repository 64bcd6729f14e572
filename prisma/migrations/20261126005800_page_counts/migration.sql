-- How many findings a resource has, so that the resources page counts them from an index of resources.
ALTER TABLE "resource" ADD COLUMN "findings" INTEGER NOT NULL DEFAULT 0;
UPDATE "resource" r SET "findings" = f.count FROM (
  SELECT "resource_ref", count(*)::int AS count FROM "finding" WHERE "to_seq" IS NULL GROUP BY "resource_ref"
) f WHERE f."resource_ref" = r."id";
DROP INDEX "resource_totals";
CREATE INDEX "resource_totals" ON "resource"("estate_id", "subscription_id", "type", "location") INCLUDE ("mask", "findings", "gone_seq");

-- What a scan could not read: few rows, and the first thing that a page shows of it.
CREATE INDEX "finding_unknown" ON "finding"("estate_id", "from_seq") WHERE "verdict" = 'unknown';

-- Names in lower case, so that a part of one is looked for in the index that sorts by them, and not in the wide rows.
ALTER TABLE "resource" ADD COLUMN "name_key" TEXT COLLATE "C" GENERATED ALWAYS AS (lower("name")) STORED;
DROP INDEX "resource_by_name";
CREATE INDEX "resource_by_name" ON "resource"("estate_id", "name_key") INCLUDE ("id") WHERE "gone_seq" IS NULL;
