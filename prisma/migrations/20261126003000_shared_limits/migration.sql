-- Not logged: after a crash of the server every bucket is full again, and no request waits for the disk.
CREATE UNLOGGED TABLE "rate_bucket" (
    "principal" TEXT NOT NULL,
    "bucket" TEXT NOT NULL,
    "full_at" TIMESTAMPTZ(6) NOT NULL,
    "per_second" DOUBLE PRECISION NOT NULL,
    "paused_until" TIMESTAMPTZ(6),
    "holder" UUID,
    "held_since" TIMESTAMPTZ(6),

    CONSTRAINT "rate_bucket_pkey" PRIMARY KEY ("principal","bucket")
) WITH (fillfactor = 50);
