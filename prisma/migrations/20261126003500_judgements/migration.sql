-- Reason and evidence once for all findings that share them: most resources of an estate are configured alike.
CREATE TABLE "judgement" (
    "id" SERIAL NOT NULL,
    "estate_id" INTEGER NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "judgement_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "judgement_estate_id_hash_key" ON "judgement"("estate_id", "hash");
ALTER TABLE "judgement" ADD CONSTRAINT "judgement_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "judgement" ALTER COLUMN "evidence" SET STATISTICS 0, ALTER COLUMN "reason" SET STATISTICS 0;

INSERT INTO "judgement" ("estate_id", "hash", "reason", "evidence")
  SELECT DISTINCT ON ("estate_id", "hash") "estate_id", "hash", "reason", "evidence" FROM "finding" ORDER BY "estate_id", "hash";

ALTER TABLE "finding" ADD COLUMN "judgement_ref" INTEGER;
UPDATE "finding" f SET "judgement_ref" = j."id" FROM "judgement" j WHERE j."estate_id" = f."estate_id" AND j."hash" = f."hash";
ALTER TABLE "finding" ALTER COLUMN "judgement_ref" SET NOT NULL;
ALTER TABLE "finding" ALTER COLUMN "reason_key" DROP EXPRESSION;
ALTER TABLE "finding" ALTER COLUMN "reason_key" SET NOT NULL;
ALTER TABLE "finding" DROP COLUMN "reason", DROP COLUMN "evidence", DROP COLUMN "hash";
