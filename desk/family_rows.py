"""One row a family, made once for each edition of the month, so that a list of twenty thousand filters at once."""

PREPARATIONS = (
    """
    create table main.family_rows as
    with named as (
        select family_id, person_id, role, forename,
            case when surname = upper(surname)
                 then array_to_string(list_transform(string_split(lower(surname), ' '),
                        lambda part: upper(part[1]) || part[2:]), ' ')
                 else surname end as surname
        from family_members join persons using (person_id)
        where surname is not null
    ), counted as (
        select family_id, lower(surname) as folded, max(surname) as surname, count(*) as bearers
        from named group by all
    ), surnames as (
        select family_id, list(surname order by bearers desc, surname) as surnames from counted group by all
    ), met as (
        select family_id,
            list(distinct headline order by headline) as headlines,
            list(distinct criterion_id order by criterion_id) as criteria,
            list(distinct feed order by feed) as feeds,
            min(extract_on) as oldest_data
        from needs where state = 'met' group by all
    ), schools as (
        select family_id, list(distinct school order by school) as schools
        from family_sightings where school is not null group by all
    )
    select c.family_id, c.is_identified, c.rank, c.needs_met, c.headlines_met, c.first_identified, c.change, c.reason,
        f.household_id, f.adults, f.children, f.ward, f.protected,
        -- One surname ties nobody to anybody: who is with whom behind a protected address is not for a list.
        coalesce(s.surnames, [])[1 : case when f.protected then 1 else 100 end] as surnames,
        coalesce(m.headlines, []) as headlines,
        coalesce(m.criteria, []) as criteria,
        m.oldest_data,
        coalesce(h.schools, []) as schools
    from cohort c
    left join families f using (family_id)
    left join surnames s using (family_id)
    left join met m using (family_id)
    left join schools h using (family_id)
    order by c.rank nulls last, c.family_id
    """,
)
