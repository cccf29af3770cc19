"""The SQL of the floor: each question asks for just what the rules need, in the driver's own rows.

Written as one would write them by hand for speed: few, by the indexes that are
there, no column that no rule looks at, and of an entry the value only where
there are no counts to work it out from.
"""

from collections import namedtuple

UNITS = """
SELECT u.id, u.kind, u.short_name, u.phase, u.parent_id, u.joined, u."left", u.code,
    s.urn, s.low_age, s.high_age, s.is_church, s.has_sixth_form, s.pupils_on_roll,
    d.due
FROM schools_unit u
LEFT JOIN schools_school s ON s.unit_ptr_id = u.id
LEFT JOIN schools_deadline d ON d.unit_id = u.id AND d.term_id = ?
WHERE u.trust_id = ? ORDER BY u.name
"""
TERMS = """
SELECT t.id, t.starts, t.ends, t.opens, t.due, p.year_id, p.part FROM schools_term t
JOIN schools_period p ON p.id = t.period_id WHERE t.trust_id = ?
"""
TREE = """
SELECT n.id, n.parent_id, n.role, n.title FROM priorities_node n
WHERE n.plan_id = ? AND n.archived_at IS NULL AND n.role <> 'kpi' ORDER BY n."order", n.id
"""
BREAKS = """
SELECT b.measure_id, p.year_id, p.part, b.why FROM kpis_measure m
JOIN kpis_measurebreak b ON b.measure_id = m.id
JOIN schools_period p ON p.id = b.from_period_id WHERE m.trust_id = ?
"""
APPLIES = """
SELECT a.id, a.phases, a.church, a.sixth_form, a.teaches_age, e.unit_id, e.applies
FROM kpis_applicability a
LEFT JOIN kpis_applicabilityexception e ON e.applicability_id = a.id WHERE a.trust_id = ?
"""

PERIODS = 'SELECT id, basis, year_id, part, "on" FROM schools_period'

Clause = namedtuple(
    "Clause",
    "node title code combine parent clause rule operator level roll_up when group rest against"
    " months_allowed repeated baseline_year baseline_part reading margin tolerance step"
    " measure kind unit decimals better basis ask_autumn ask_spring ask_summer about counts per"
    " seasonal survey series about_pupils min_to_judge steady_band carried_terms valid_months"
    " applies_to clause_applies_to lowest highest due at_risk",
)
CLAUSES = """
SELECT n.id, COALESCE(NULLIF(k.short_name, ''), n.title), n.code, n.combine, n.parent_id,
    c.id, v.rule, v.operator, v.level, v.roll_up, v."when", g.id, g.complement_id, v.against,
    v.months_allowed, v.repeated, bp.year_id, bp.part,
    r.id, rv.margin, rv.tolerance, rv.step,
    m.id, m.kind, m.unit, m.decimals, m.better, m.basis, m.ask_autumn, m.ask_spring, m.ask_summer,
    m.about, m.counts, m.per, m.seasonal, m.survey, m.series_id, m.about_pupils, m.min_to_judge,
    m.steady_band, m.carried_terms, m.valid_months, m.applicability_id, v.applicability_id,
    m.lowest, m.highest, d.resolved, d.at_risk
FROM priorities_node n
JOIN kpis_kpi k ON k.node_ptr_id = n.id
JOIN kpis_clause c ON c.node_id = n.id AND c.archived_at IS NULL
JOIN kpis_clauseversion v ON v.clause_id = c.id
JOIN schools_period vp ON vp.id = v.from_period_id AND vp."on" <= ?
JOIN kpis_pupilgroup g ON g.id = v.group_id
LEFT JOIN schools_period bp ON bp.id = v.baseline_period_id
JOIN kpis_reading r ON r.clause_id = c.id
LEFT JOIN kpis_readingversion rv ON rv.reading_id = r.id
JOIN kpis_measure m ON m.id = r.measure_id
LEFT JOIN kpis_due d ON d.node_id = n.id
WHERE n.plan_id = ? AND n.archived_at IS NULL
ORDER BY n."order", n.id, c."order", c.id, r."order", r.id, vp."on"
"""

TARGETS = """
SELECT t.reading_id, t.unit_id, t.value, t.low, t.high, t.path, s.value, p.year_id, p.part
FROM kpis_target t
JOIN kpis_reading r ON r.id = t.reading_id
JOIN kpis_measure m ON m.id = r.measure_id AND m.trust_id = ?
JOIN schools_period f ON f.id = t.from_period_id AND f."on" <= ?
LEFT JOIN kpis_targetstep s ON s.target_id = t.id
LEFT JOIN schools_period p ON p.id = s.by_period_id
ORDER BY f."on"
"""

LEVELS = """
SELECT l.id, l.version_id, l."order", l.name, l.failing, t.clause_version_id, t.level_id
FROM kpis_level l
JOIN kpis_scaleversion v ON v.id = l.version_id
JOIN kpis_scale s ON s.id = v.scale_id AND s.trust_id = ?
LEFT JOIN kpis_scaletarget t ON t.level_id = l.id
"""

# Typed baselines, and the entries of those that name a period.
BASELINES = """
SELECT b.reading_id, b.unit_id, b.group_id, b.season, b.value, b.level_id,
    e.numerator, e.denominator, CASE WHEN e.numerator IS NULL THEN e.value END
FROM kpis_baseline b
JOIN kpis_reading r ON r.id = b.reading_id
JOIN kpis_measure m ON m.id = r.measure_id AND m.trust_id = ?
LEFT JOIN kpis_entry e ON e.measure_id = r.measure_id AND e.unit_id = b.unit_id
    AND e.period_id = b.entry_period_id AND e.group_id = b.group_id
"""

FIGURE = """
    e.numerator, e.denominator, CASE WHEN e.numerator IS NULL THEN e.value END,
    e.why_none, e.expected_on, e.claim_accepted, e.respondents, e.provider, e.collected_in_id,
    e.standing
"""

# For each school and each measure, group and period that is wanted: one seek in the unique index.
ENTRIES_SQLITE = f"""
WITH wanted(measure, period, grp) AS (VALUES %s)
SELECT e.measure_id, e.unit_id, e.period_id, e.group_id, {FIGURE}
FROM wanted w CROSS JOIN schools_unit u CROSS JOIN kpis_entry e
    ON e.measure_id = w.measure AND e.unit_id = u.id
    AND e.period_id = w.period AND e.group_id = w.grp
WHERE u.trust_id = ?
"""  # noqa: S608 - of constants
ENTRIES_POSTGRESQL = f"""
SELECT e.measure_id, e.unit_id, e.period_id, e.group_id, {FIGURE}
FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS w(measure, period, grp)
JOIN kpis_entry e ON e.measure_id = w.measure AND e.period_id = w.period AND e.group_id = w.grp
"""  # noqa: S608 - of constants

# A yes counts for good, another answer in its own term only; a level until the next one.
DONE = """
SELECT e.measure_id, e.unit_id, e.done, e.done_on, e.why_none, e.standing, e.collected_in_id
FROM kpis_measure m
JOIN kpis_entry e ON e.measure_id = m.id
WHERE m.trust_id = ? AND m.kind = 'yes_no' AND (e.done = 'yes' OR e.collected_in_id IN (?, ?))
"""
HELD = """
SELECT e.measure_id, e.unit_id, e.level_id, e.why_none, e.standing, p."on"
FROM kpis_measure m
JOIN kpis_entry e ON e.measure_id = m.id
JOIN schools_period p ON p.id = e.period_id
WHERE m.trust_id = ? AND m.kind = 'level' AND p."on" <= ?
ORDER BY p."on"
"""
RATED = """
SELECT j.measure_id, j.unit_id, j."on", j.kind, j.rating, j.rated_by, j.reviewer, j.standing
FROM kpis_measure m
JOIN kpis_judgement j ON j.measure_id = m.id
WHERE m.trust_id = ? AND m.kind = 'rating' AND j."on" > ? AND j."on" <= ?
ORDER BY j."on"
"""
CASES = """
SELECT c.measure_id, c.unit_id, c.opened, c.closed
FROM kpis_measure m
JOIN kpis_case c ON c.measure_id = m.id
WHERE m.trust_id = ? AND c.opened <= ? AND (c.closed IS NULL OR c.closed >= ?)
"""
OUTSIDE = """
SELECT c.series_id, c.scope, c.scope_code, c.group_id, c.period_id, c.release, c.value,
    c.low, c.high, c.not_published, s.provider
FROM kpis_measure m
JOIN kpis_series s ON s.id = m.series_id
JOIN kpis_comparator c ON c.series_id = m.series_id
WHERE m.trust_id = ? AND c.period_id IN ({periods})
ORDER BY c.release
"""
BY_HAND = """
SELECT o.node_id, o.unit_id, o.status, o.reason FROM kpis_override o WHERE o.term_id = ?
"""

# The page of one KPI: all its figures so far, and the last of its trail.
OF_A_KPI = f"""
SELECT e.measure_id, e.unit_id, e.period_id, e.group_id, {FIGURE}
FROM kpis_entry e
WHERE e.measure_id = ? AND e.collected_in_id IN ({{terms}})
"""  # noqa: S608 - of constants
SAID = """
SELECT c.unit_id, c.why, c.what_next, u.name FROM kpis_comment c
JOIN schools_user u ON u.id = c.by_id WHERE c.node_id = ? AND c.term_id = ?
"""
TRAIL = """
SELECT a.thing_id, a.at, a.action, a.channel, a.before, a.after, a.reason, u.name
FROM returns_line l
JOIN schools_auditrow a ON a.thing_kind = 'returns.line' AND a.thing_id = l.id
LEFT JOIN schools_user u ON u.id = a.by_id
WHERE l.measure_id = ?
ORDER BY a.id DESC LIMIT 300
"""
