-- The counts above the list of resources, from an index that is a third of the one with their scopes.
CREATE INDEX "resource_counts" ON "resource"("estate_id") INCLUDE ("mask", "findings", "id") WHERE "gone_seq" IS NULL;

-- The gaps of one check in one subscription, for counting what is exempt.
DROP INDEX "finding_open_by_subscription";
CREATE INDEX "finding_open_by_subscription" ON "finding"("estate_id", "subscription_id", "check", "verdict") WHERE "to_seq" IS NULL;

-- What could not be read, by what would cure it, from the index alone.
UPDATE "finding" SET "permission" = left("permission", 300) WHERE length("permission") > 300;
DROP INDEX "finding_unknown";
CREATE INDEX "finding_unknown" ON "finding"("estate_id", "subscription_id", "reason_code", "permission") INCLUDE ("from_seq", "to_seq", "resource_ref") WHERE "verdict" = 'unknown';
