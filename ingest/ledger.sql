-- The ledger: who sent what when, what was found wrong with it and what people decided. Rows are only ever added.
-- Moments are UTC text with microseconds (2026-01-31T09:00:00.000000); every entry has its actor, and says whether it was back-filled.

-- one run of reading: all that its files mean depends on the reference tables and on the answers that people had given by then
create table if not exists batches (
    batch_id text primary key,
    reference_version text not null references reference_versions,
    last_answer_id integer not null
) strict;

-- a file handed in, with the options it came with; the same bytes with the same options are one receipt
create table if not exists receipts (
    receipt_id text primary key,
    file_sha256 text not null,
    file_name text not null,
    layout text,
    municipality_option text,
    programme_option text,
    period_option text
) strict;

-- the other names under which the same bytes came with the same options; the first stands with the receipt
create table if not exists receipt_names (
    receipt_id text not null references receipts,
    file_name text not null,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null,
    primary key (receipt_id, file_name)
) strict;

-- one file x programme x municipality x period, as it was understood when it was recorded
create table if not exists submissions (
    submission_id text primary key,
    receipt_id text not null references receipts,
    attempt integer not null,
    attempt_key text not null,
    batch_id text not null references batches,
    municipality_code text,
    programme_id text,
    period_id text,
    period_start text,
    period_end text,
    period_as_reported text,
    language text,
    statement text not null check (statement in ('replaces', 'adds', 'not_said')),
    sent_at text not null,
    sent_by text,
    accepted_rows integer not null,
    quarantined_rows integer not null,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- a submission whose municipality was a question when it came, and is known since an answer
create table if not exists resolutions (
    submission_id text primary key references submissions,
    batch_id text not null references batches,
    municipality_code text not null,
    accepted_rows integer not null,
    quarantined_rows integer not null
) strict;

-- the layout that read somebody else's form, and whether its amounts are those of the period or to date; none for our own form
create table if not exists submission_layouts (
    submission_id text primary key references submissions,
    layout text not null,
    amounts text not null check (amounts in ('flow', 'to_date'))
) strict;

create table if not exists submission_sections (
    submission_id text not null references submissions,
    section text not null,
    said text not null check (said in ('data', 'nothing', 'not_known')),
    source_sheet text,
    rows integer not null,
    columns text not null,
    primary key (submission_id, section)
) strict;

create table if not exists findings (
    finding_id integer primary key,
    submission_id text not null references submissions,
    rule text not null,
    severity text not null check (severity in ('error', 'warning')),
    section text,
    sheet text,
    cell text,
    source_row integer,
    field text,
    value_as_reported text,
    params text not null,
    recorded_at text not null
) strict;

-- what the reports beside a submission showed of it, and show no more: one of them came, was withdrawn or is now known to have been sent earlier
create table if not exists finding_lapses (
    finding_id integer primary key references findings,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- the same file handed in again as sent earlier than was known; the last entry is the earliest, and holds
create table if not exists sendings (
    sending_id integer primary key,
    submission_id text not null references submissions,
    sent_at text not null,
    sent_by text,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- what happened to a submission: its status is that of its last event
create table if not exists events (
    event_id integer primary key,
    submission_id text not null references submissions,
    event text not null check (event in ('accepted', 'partly_accepted', 'waiting_for_answer', 'refused', 'withdrawn', 'replaces', 'adds')),
    reason text,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

create table if not exists questions (
    question_id text primary key,
    kind text not null check (kind in ('municipality', 'replace_or_add')),
    asked_text text not null,
    candidates text not null,
    asked_at text not null
) strict;

create table if not exists question_submissions (
    question_id text not null references questions,
    submission_id text not null references submissions,
    primary key (question_id, submission_id)
) strict;

-- the last answer to a question stands; an empty one takes the earlier back
create table if not exists answers (
    answer_id integer primary key,
    question_id text not null references questions,
    answer text,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- whether a report is still to be asked if it replaces or adds: what it was asked beside may be withdrawn, or replaced by a third; the last entry holds
create table if not exists question_lapses (
    lapse_id integer primary key,
    question_id text not null references questions,
    is_lapsed integer not null,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- what was released to donors, and what was taken back: a programme's figures, or those of one municipality or period of it
create table if not exists approval_events (
    event_id integer primary key,
    programme_id text not null,
    municipality_code text,
    period_id text,
    event text not null check (event in ('approved', 'revoked')),
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- whether reports on a programme may hold personal data: its last entry holds, and without one they may not
create table if not exists personal_data_allowances (
    allowance_id integer primary key,
    programme_id text not null,
    event text not null check (event in ('allowed', 'revoked')),
    reason text not null,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- the coordinating body's own tables as they were: what a file meant depends on them
create table if not exists reference_contents (
    content_sha256 text primary key,
    content blob not null
) strict;

create table if not exists reference_versions (
    reference_version text primary key,
    files text not null,
    recorded_at text not null,
    actor text not null
) strict;

-- which version held from when on: one may come back
create table if not exists reference_changes (
    change_id integer primary key,
    reference_version text not null references reference_versions,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

-- a ledger made before changes were entered knows when it first saw each version
insert into reference_changes (reference_version, recorded_at, actor, is_back_filled)
select
    reference_version,
    recorded_at,
    actor,
    0
from reference_versions
where not exists (select 1 from reference_changes)
order by rowid;

-- the days on which something was built, each entered by its first build: that a day has come is known even where nothing else was entered on it
create table if not exists build_days (
    day text primary key,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

create table if not exists builds (
    build_id text primary key,
    entries integer not null,
    reference_version text not null,
    recorded_at text not null,
    actor text not null
) strict;

-- the mails that were drafted, so that none is drafted twice; to whom they went stands nowhere
create table if not exists drafts (
    draft_id integer primary key,
    kind text not null,
    submission_id text references submissions,
    status text,
    programme_id text,
    municipality_code text,
    period_id text,
    recorded_at text not null,
    actor text not null,
    is_back_filled integer not null
) strict;

create index if not exists receipts_by_file on receipts (file_sha256);
create index if not exists submissions_by_receipt on submissions (receipt_id);
create index if not exists submissions_by_period on submissions (period_id);
create index if not exists findings_by_submission on findings (submission_id);
create index if not exists events_by_submission on events (submission_id);
create index if not exists sendings_by_submission on sendings (submission_id);

create view if not exists current_findings as
select findings.*
from findings
left join finding_lapses on findings.finding_id = finding_lapses.finding_id
where finding_lapses.finding_id is null;

-- made anew: a ledger may hold the view of an earlier version
drop view if exists current_submissions;

create view current_submissions as
select
    submissions.submission_id,
    coalesce(resolutions.batch_id, submissions.batch_id) as batch_id,
    receipts.receipt_id,
    submissions.attempt,
    submissions.attempt_key,
    receipts.municipality_option,
    receipts.programme_option,
    receipts.period_option,
    receipts.file_name,
    receipts.file_sha256,
    receipts.layout,
    submissions.language,
    coalesce(resolutions.municipality_code, submissions.municipality_code) as municipality_code,
    submissions.programme_id,
    submissions.period_id,
    submissions.period_start,
    submissions.period_end,
    submissions.period_as_reported,
    submissions.statement,
    coalesce(last_sendings.sent_at, submissions.sent_at) as sent_at,
    iif(last_sendings.sending_id is null, submissions.sent_by, last_sendings.sent_by) as sent_by,
    submissions.recorded_at,
    submissions.actor,
    last_events.event as status,
    exists (
        select 1
        from events
        where
            events.submission_id = submissions.submission_id
            and events.event in ('accepted', 'partly_accepted')
    ) as was_usable,
    coalesce(resolutions.accepted_rows, submissions.accepted_rows) as accepted_rows,
    coalesce(resolutions.quarantined_rows, submissions.quarantined_rows) as quarantined_rows,
    submissions.is_back_filled
from submissions
inner join receipts on submissions.receipt_id = receipts.receipt_id
left join resolutions on submissions.submission_id = resolutions.submission_id
left join sendings as last_sendings
    on last_sendings.sending_id = (
        select max(sendings.sending_id)
        from sendings
        where sendings.submission_id = submissions.submission_id
    )
inner join events as last_events on submissions.submission_id = last_events.submission_id
where
    last_events.event_id = (
        select max(events.event_id)
        from events
        where
            events.submission_id = submissions.submission_id
            and events.event not in ('replaces', 'adds')
    );
