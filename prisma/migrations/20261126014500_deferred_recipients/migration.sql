-- A mail server may take a mail for some recipients and defer it for others, which alone are tried again.
ALTER TABLE "delivery" ADD COLUMN "recipients_left" TEXT[] DEFAULT ARRAY[]::TEXT[];
