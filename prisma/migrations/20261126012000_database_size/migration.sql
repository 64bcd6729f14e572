-- How large the database was when a scan had ended, to tell how it grows.
ALTER TABLE "scan" ADD COLUMN "database_bytes" BIGINT;
