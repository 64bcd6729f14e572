-- CreateTable
CREATE TABLE "exemption" (
    "id" UUID NOT NULL,
    "estate_id" INTEGER NOT NULL,
    "scope" TEXT NOT NULL,
    "check" TEXT,
    "reason" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_by" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "exemption_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "exemption_estate_id_requested_at_idx" ON "exemption"("estate_id", "requested_at");

-- AddForeignKey
ALTER TABLE "exemption" ADD CONSTRAINT "exemption_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Scopes compare with the keys of resources, which sort by bytes.
ALTER TABLE "exemption" ALTER COLUMN "scope" TYPE TEXT COLLATE "C";
ALTER TABLE "exemption" ADD CONSTRAINT "exemption_approved_check" CHECK (("approved_by" IS NULL) = ("approved_at" IS NULL));
ALTER TABLE "exemption" ADD CONSTRAINT "exemption_ended_check" CHECK (("ended_by" IS NULL) = ("ended_at" IS NULL));
