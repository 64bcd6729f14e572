-- A worker that dies takes the counts of its last second with it: the scan's are then a lower bound.
alter table "scan" add column "counts_at_least" boolean not null default false;
alter table "scan_worker" add column "closed" boolean not null default false;
-- The reads that a part tries again though they were refused, for whoever goes on with it.
alter table "scan_part" add column "tried" jsonb;
