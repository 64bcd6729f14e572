-- A channel may sign with an older secret beside its newest, and is left alone when its receiver asks for it.
alter table "channel"
  add column "has_older_secret" boolean not null default false,
  add column "older_secret_until" timestamptz(3),
  add column "quiet_until" timestamptz(3);
