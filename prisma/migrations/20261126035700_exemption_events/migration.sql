-- Who did what with an exemption. Those of Azure Policy are decided on as one, by their id there.
create table "exemption_event" (
  "id" bigserial primary key,
  "estate_id" integer not null references "estate" ("id") on delete cascade on update cascade,
  "subject" text not null,
  "action" text not null,
  "by" text not null,
  "by_id" text,
  "at" timestamptz(3) not null,
  constraint "exemption_event_action" check ("action" in ('requested', 'imported', 'approved', 'refused', 'withdrawn', 'ended', 'gone', 'reopened', 'taken-back'))
);
create index "exemption_event_estate_id_subject_at_idx" on "exemption_event" ("estate_id", "subject", "at");

-- What the rows tell of what was done before.
insert into "exemption_event" ("estate_id", "subject", "action", "by", "by_id", "at")
select distinct "estate_id", coalesce("source_id", "id"::text), case when "source_id" is null then 'requested' else 'imported' end, "requested_by", "requested_by_id", "requested_at" from "exemption"
union all
select distinct "estate_id", coalesce("source_id", "id"::text), 'approved', "approved_by", null, "approved_at" from "exemption"
where "approved_by" is not null and "approved_at" is not null and ("source_id" is null or "approved_by" <> 'Azure Policy')
union all
select distinct "estate_id", coalesce("source_id", "id"::text),
  case when "source_id" is not null and "ended_by_id" is null then 'gone' when "approved_at" is not null then 'ended' when "ended_by_id" = "requested_by_id" then 'withdrawn' else 'refused' end,
  "ended_by", "ended_by_id", "ended_at" from "exemption"
where "ended_by" is not null and "ended_at" is not null
order by 6;
