-- A hash of the reason, so that two intervals can be told apart without reading them.
ALTER TABLE "finding" ADD COLUMN "reason_key" INTEGER GENERATED ALWAYS AS (hashtext("reason")) STORED;

-- What began and what ended between two scans, from the indexes alone: differences, and gaps opened and closed.
DROP INDEX "finding_estate_id_from_seq_idx";
CREATE INDEX "finding_estate_id_from_seq_idx" ON "finding"("estate_id", "from_seq")
  INCLUDE ("to_seq", "resource_ref", "check", "key_point", "subscription_id", "verdict", "reason_key");
DROP INDEX "finding_closed";
CREATE INDEX "finding_closed" ON "finding"("estate_id", "to_seq")
  INCLUDE ("from_seq", "since_seq", "resource_ref", "check", "key_point", "subscription_id", "verdict", "reason_key") WHERE "to_seq" IS NOT NULL;
