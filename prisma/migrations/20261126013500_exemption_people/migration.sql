-- People by their object ids, since names change, and whether another person approves, as the policy was when it was asked for. What the metadata of an exemption
-- in Azure Policy says of people is kept apart, since whoever writes it can make it up.
ALTER TABLE "exemption"
  ADD COLUMN "requested_by_id" TEXT,
  ADD COLUMN "ended_by_id" TEXT,
  ADD COLUMN "another_approves" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "claimed_requester" TEXT,
  ADD COLUMN "claimed_approver" TEXT;
UPDATE "exemption" SET
  "claimed_requester" = nullif("requested_by", 'Azure Policy'), "claimed_approver" = nullif("approved_by", 'Azure Policy'),
  "requested_by" = 'Azure Policy', "approved_by" = 'Azure Policy',
  "expires_at" = least("expires_at", "requested_at" + interval '730 days')
  WHERE "source_id" IS NOT NULL;
-- The longest term holds for those of Azure Policy, too.
ALTER TABLE "exemption" DROP CONSTRAINT "exemption_expires_check", ALTER COLUMN "expires_at" SET NOT NULL;

-- Those in force are asked for by every page that marks gaps.
CREATE INDEX "exemption_open" ON "exemption"("estate_id", "expires_at") WHERE "ended_at" IS NULL;
