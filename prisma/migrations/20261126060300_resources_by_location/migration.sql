-- A page deep in the list sorted by location is found within its location along an index: most resources lie in one or two.
CREATE INDEX "resource_by_location" ON "resource"("estate_id", "location", "key") INCLUDE ("id") WHERE "gone_seq" IS NULL;
