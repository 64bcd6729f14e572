-- A resource that is found as it was found before is recognized by one comparison. Null is not known, and compared finding by finding.
ALTER TABLE "resource" ADD COLUMN "findings_hash" TEXT;
