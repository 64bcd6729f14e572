-- Trends of one subscription, and of the few that somebody sees, from one place for each: their counts lie far apart in the table.
CREATE INDEX "rollup_by_subscription" ON "rollup"("key", "scan_seq") INCLUDE ("key_point", "severity", "pass", "fail", "unknown", "not_applicable") WHERE "dimension" = 'subscription';
