-- Exemptions by tag, their category in Azure Policy's two words, and those that are imported from Azure Policy.
ALTER TABLE "exemption"
  ADD COLUMN "tag_name" TEXT,
  ADD COLUMN "tag_value" TEXT,
  ADD COLUMN "category" TEXT NOT NULL DEFAULT 'waived',
  ADD COLUMN "resource_types" TEXT[],
  ADD COLUMN "source_id" TEXT,
  ADD COLUMN "source_name" TEXT,
  ALTER COLUMN "expires_at" DROP NOT NULL;
ALTER TABLE "exemption" ADD CONSTRAINT "exemption_category_check" CHECK ("category" IN ('waived', 'mitigated'));
ALTER TABLE "exemption" ADD CONSTRAINT "exemption_tag_check" CHECK (("tag_name" IS NULL) = ("tag_value" IS NULL));
-- People's own exemptions end, one of Azure Policy may not.
ALTER TABLE "exemption" ADD CONSTRAINT "exemption_expires_check" CHECK ("expires_at" IS NOT NULL OR "source_id" IS NOT NULL);
CREATE UNIQUE INDEX "exemption_imported" ON "exemption"("estate_id", "source_id", "check") WHERE "source_id" IS NOT NULL;

-- The resources that an exemption by tag holds for, as the last scan read their tags.
CREATE TABLE "exemption_target" (
    "exemption_id" UUID NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "exemption_target_pkey" PRIMARY KEY ("exemption_id", "key")
);
ALTER TABLE "exemption_target" ADD CONSTRAINT "exemption_target_exemption_id_fkey" FOREIGN KEY ("exemption_id") REFERENCES "exemption"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Exemptions in Azure Policy that, in whole or in part, stand for no check.
CREATE TABLE "unmapped_exemption" (
    "estate_id" INTEGER NOT NULL,
    "source_id" TEXT NOT NULL,
    "source_name" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "what" TEXT NOT NULL,
    "why" TEXT NOT NULL,

    CONSTRAINT "unmapped_exemption_pkey" PRIMARY KEY ("estate_id", "source_id", "what")
);
ALTER TABLE "unmapped_exemption" ADD CONSTRAINT "unmapped_exemption_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- When exemptions of Azure Policy were last read, and what went wrong the last time.
ALTER TABLE "estate" ADD COLUMN "exemptions_read_at" TIMESTAMPTZ(3), ADD COLUMN "exemptions_problem" TEXT;
