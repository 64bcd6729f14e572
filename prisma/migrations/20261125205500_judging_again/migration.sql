-- What a scan judged besides stored facts (what was in sight, what was lost), so that the facts can be judged again, and of a
-- judging again the scan that it repeats.
ALTER TABLE "scan" ADD COLUMN "judging" JSONB, ADD COLUMN "judges_again" UUID;
ALTER TABLE "scan" ALTER COLUMN "judging" SET STATISTICS 0;

-- The management groups above a subscription by name, nearest first, as last read. Null: not known.
ALTER TABLE "subscription" ADD COLUMN "management_groups" TEXT[];
