-- What time it was at Azure when a scan began to read: activity logs are asked by its clock, whatever the database's says.
ALTER TABLE "scan" ADD COLUMN "azure_started_at" TIMESTAMPTZ(3);
