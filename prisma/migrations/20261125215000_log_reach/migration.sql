-- What reaches where, by log source: the present picture of each part, replaced each time it is judged.
CREATE TABLE "log_reach" (
    "estate_id" INTEGER NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "reach" INTEGER NOT NULL,
    "subjects" INTEGER NOT NULL,

    CONSTRAINT "log_reach_pkey" PRIMARY KEY ("estate_id", "subscription_id", "source", "category", "reach")
);

ALTER TABLE "log_reach" ADD CONSTRAINT "log_reach_estate_id_fkey" FOREIGN KEY ("estate_id") REFERENCES "estate"("id") ON DELETE CASCADE ON UPDATE CASCADE;
