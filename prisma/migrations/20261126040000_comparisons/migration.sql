-- The transitions of one subscription in the order of resources, from the index alone: a page of changes reads those of the subscriptions that are on it.
CREATE INDEX "transition_by_subscription" ON "transition"("estate_id", "subscription_id", "resource_ref", "check", "seq") INCLUDE ("before_state", "after_state");

-- How much changed between two scans, counted once. Both have ended, so it stays true.
CREATE TABLE "comparison" (
    "estate_id" INTEGER NOT NULL,
    "older_seq" INTEGER NOT NULL,
    "newer_seq" INTEGER NOT NULL,
    "counts" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comparison_pkey" PRIMARY KEY ("estate_id", "older_seq", "newer_seq")
);
