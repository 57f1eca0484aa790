"""What became of families' ids in every month that is published, laid beside the newest: joined ids live on as others.

A month tells its own events alone. A case, an old link and a timeline outlive the month in which a family was joined to
another, so the events of all months are read, once an edition. `{schema}` is where the tables are made, `{source}`
where a month's own stand.
"""

NAMES = ("family_events", "family_became")

TABLE = (
    "create table {schema}.family_events (month varchar, event varchar, id varchar, other_id varchar, cause varchar)"
)
ADD = """
    insert into {schema}.family_events select month, event, id, other_id, cause from {source}.identity_events
    where kind = 'family' and event <> 'kept'
"""
# An id of a family that stands today is its own, whatever it once was part of.
BECAME = """
    create table {schema}.family_became as
    with recursive became as (
        select id, max_by(other_id, month) as other_id from {schema}.family_events
        where event = 'joined' and other_id is not null and id not in (select family_id from {schema}.families)
        group by id
    ), chain as (
        select id, other_id as family_id, 1 as step from became
        union all
        select chain.id, became.other_id, step + 1 from chain join became on chain.family_id = became.id
        where step < (select count(*) from became)
    )
    select id, max_by(family_id, step) as family_id from chain group by id
"""
