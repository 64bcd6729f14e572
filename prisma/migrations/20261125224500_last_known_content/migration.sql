-- AlterTable
ALTER TABLE "fact" ADD COLUMN "last_content" JSONB;
