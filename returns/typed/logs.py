"""The logs of cases that answer lines of a return, as they stand now.

``case_log`` writes them; what is read here goes in with the entry when a return is sent.
"""

from kpis.models import Case


def logs_of(term, lines):
    """The cases of a term, by measure and unit, of those lines whose measure keeps a log.

    A list each, the oldest first; nothing where no case has been written down.
    ``lines`` come with their measure. No query where none of them keeps a log.
    """
    keys = {line.key[:2] for line in lines if line.measure.keeps_log}
    if not keys:
        return {}
    cases = Case.objects.filter(
        measure__in={measure for measure, _ in keys}, unit__in={unit for _, unit in keys}
    )
    logs = {}
    for case in cases.of_term(term.starts, term.ends):
        if (key := (case.measure_id, case.unit_id)) in keys:
            logs.setdefault(key, []).append(case)
    return logs


def sent_log(line):
    """The cases that went in with what a line became; none where it is not sent."""
    return list(line.entry.cases.all()) if line.entry_id else []
