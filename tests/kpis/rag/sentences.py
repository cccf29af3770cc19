"""A school with a pencil: the colour again, from the sentence alone.

It knows the rules of docs/rag.md and reads nothing but words and numbers. It
shares no code with the rules.
"""

import re
from datetime import datetime
from decimal import Decimal

GREEN, AMBER, RED, GREY = "On target", "Close to target", "Off target", "No status"
NUMBER = re.compile(r"(−?)£?(\d[\d,]*(?:\.\d+)?)")
COUNTS = re.compile(r"(\d+) (on target|close to target|off target|not known)(?=,)")
DAY = r"(\d+ [A-Z][a-z]+ \d{4})"


def said(sentence):
    """The status that the sentence opens with, and the rest without its full stop."""
    status, because = sentence.removesuffix(".").split(": ", 1)
    return status, because


def colour_of(because):
    """The status words that the figures come to; None where they give no colour."""
    if match := re.fullmatch(
        r"(?:.+?: )?(.*); ([^;]*), (all must hold|one is enough)"
        r"(?:, off target on what is known)?",
        because,
    ):
        return _combined(match[1], match[2], match[3])
    head, semicolon, tail = because.partition("; ")
    if semicolon and COUNTS.search(f"{head},") and " of " in head:
        return colour_of(tail)
    if semicolon and re.search(r", of \d+ ", tail) and COUNTS.match(tail):
        return colour_of(head)
    for reads, rule in _RULES:
        if re.search(reads, because):
            return rule(because)
    return None


def _numbers(text):
    """Every number in the text, in its order; what is in brackets is a source."""
    return [
        Decimal(figure.replace(",", "")) * (-1 if minus else 1)
        for minus, figure in NUMBER.findall(re.sub(r"\([^)]*\)", "", text))
    ]


def _number(text):
    return _numbers(text)[0]


def _after(words, because):
    """The number after these words, None where they are not said."""
    match = re.search(rf"(?:^|, ){words} ([^a-z(]+)", because)
    return match and _number(match[1])


def _ends(words, because):
    """The two numbers of a range after these words, None where they are not said."""
    match = re.search(rf"{words} ([^a-z]+)[^,]*? to ([^a-z]+)", because)
    return match and [_number(end) for end in match.groups()]


def _shade(miss, margin):
    """On target at no miss, close to it up to the margin."""
    if miss <= 0:
        return GREEN
    return AMBER if margin is not None and miss <= margin else RED


def _combined(deciding, counts, how):
    counts = {words: int(number) for number, words in COUNTS.findall(f"{counts},")}
    best_first = [GREEN, AMBER, GREY, RED]
    order = [RED, AMBER, GREY, GREEN] if how == "all must hold" else best_first
    words = {RED: "off target", AMBER: "close to target", GREEN: "on target", GREY: "not known"}
    combined = next(status for status in order if counts.get(words[status]))
    assert colour_of(deciding) in (combined, None), "the part named must be the one that decides"
    return combined


def _each_school(because):
    counts = {words: int(number) for number, words in COUNTS.findall(f"{because},")}
    for words, status in [
        ("off target", RED),
        ("close to target", AMBER),
        ("not known", GREY),
        ("on target", GREEN),
    ]:
        if counts.get(words):
            return status
    return None


def _threshold(because):
    figure = _number(because)
    words, target = re.search(
        r"target (at least|more than|at most|less than) ([^a-z(]+)", because
    ).groups()
    bar = expected = _number(target)
    if match := re.search(r", ([^a-z]+)[^,]* expected by now", because):
        expected = _number(match[1])
    sign = -1 if words in ("at least", "more than") else 1
    is_strict = words in ("more than", "less than")
    miss = sign * (figure - expected)
    margin = _after("margin", because)
    if (match := re.search(r"worse than the baseline of ([^a-z]+)", because)) is not None:
        baseline = _number(match[1])
        short_at_first = sign * (baseline - bar) > 0 or (is_strict and baseline == bar)
        assert short_at_first
        assert sign * (figure - baseline) > 0
        return RED
    if miss == 0 and is_strict:
        return AMBER if margin else RED
    return _shade(miss, margin)


def _band(because):
    figure = _number(because)
    low, high = _ends("target", because)
    return _shade(max(low - figure, figure - high), _after("margin", because))


def _interval(because):
    return _ends("confidence interval", because)


def _in_line(because):
    figure = _number(because)
    bar = _number(re.search(r"in line with ([^a-z(]+)", because)[1])
    if ") or above" in because:
        miss = bar - figure
    elif ") or below" in because:
        miss = figure - bar
    else:
        miss = abs(figure - bar)
    interval = _interval(because)
    if interval and interval[0] <= bar <= interval[1]:
        return GREEN
    return _shade(miss - _after("tolerance", because), _after("margin", because))


def _significantly(because):
    figure = _number(because)
    side, bar = re.search(r"significantly (above|below) ([^a-z(]+)", because).groups()
    sign = 1 if side == "above" else -1
    gain = sign * (figure - _number(bar))
    if gain < 0:
        return RED
    interval = _interval(because)
    beats = interval and min(sign * (end - _number(bar)) for end in interval) > 0
    return GREEN if beats or gain >= _after("by at least", because) else AMBER


def _better(because):
    figure = _number(because)
    side, bar = re.search(r"target (above|below) ([^a-z(]+)", because).groups()
    gain = (figure - _number(bar)) * (1 if side == "above" else -1)
    if gain > 0:
        return GREEN
    margin = _after("margin", because)
    return AMBER if margin and -gain <= margin else RED


def _trend(because):
    figure = _number(because)
    side, baseline = re.search(r"target (above|below) the baseline of ([^a-z]+)", because).groups()
    step = _number(re.search(r"by at least (.+)", because)[1])
    sign = 1 if side == "above" else -1
    gain = sign * (figure - _number(baseline))
    if gain < 0:
        return RED
    if gain == 0 or gain < step:
        return AMBER
    last = _after("last time", because)
    return AMBER if last is not None and sign * (figure - last) < 0 else GREEN


def _best(because):
    figure, best = _numbers(because)[:2]
    assert (figure >= best) if best > 0 else (figure <= best)
    return GREEN


PLACE = r", (?:was )?(£?\d[\d,.]*)[^,]*? (behind|ahead|apart)"


def _gap(because):
    places = re.findall(PLACE, because)
    sizes = [_number(number) * (-1 if side == "ahead" else 1) for number, side in places]
    if "whoever is behind" in because:
        sizes = [abs(size) for size in sizes]
    figures = re.match(r"[^\d−£]*(\S+?)(?: [^,]*)?, [^\d−£]*(\S+)", because)
    assert abs(_number(figures[1]) - _number(figures[2])) == abs(sizes[0])
    now, then = sizes[0], sizes[1] if len(sizes) > 1 else None
    tolerance = _after("tolerance", because)
    if now <= tolerance:
        return GREEN
    if "target still no gap" in because:
        assert then <= tolerance
        return _shade(now - tolerance, _after("margin", because))
    if "target no gap" in because:
        step = _after("close when at least", because)
        return AMBER if then is not None and then - now >= step and then > now else RED
    step = _after("target at least", because)
    if now > then:
        return RED
    if then == now or then - now < step or "did worse than before" in because:
        return AMBER
    return GREEN


def _scale(because):
    if "a failing level" in because:
        return RED
    above = "target above" in because
    steps = 0
    if match := re.search(r"(\d+) steps? (above|below)", because):
        steps = int(match[1]) * (1 if match[2] == "above" else -1)
    if above:
        return GREEN if steps > 0 else AMBER if steps == 0 else RED
    return GREEN if steps >= 0 else AMBER if steps == -1 else RED


def _day(words):
    return datetime.strptime(words, "%d %B %Y")  # noqa: DTZ007


def _done(because):
    if because.startswith("done on"):
        return GREEN
    by = _day(re.search(f"(?:not done|done|on target) by {DAY}", because)[1])
    due = re.search(f"due {DAY}", because)
    if match := re.match(r"(\d+) of (\d+)", because):
        there, of = int(match[1]), int(match[2])
        if there == of:
            return GREEN
        if match := re.search(r"(\d+) expected by", because):
            if there < int(match[1]):
                return RED
            on_the_way = GREEN
        else:
            on_the_way = GREY
    else:
        on_the_way = GREY
    if due and by > _day(due[1]):
        return RED
    if "at risk" in because:
        return AMBER
    if due and (_day(due[1]) - by).days <= 30:
        return AMBER
    return on_the_way if due else GREY


def _cases(because):
    if "confirmed" in because:
        return GREEN if because.startswith("0 cases, ") else GREY
    if int(re.search(r"(\d+) overdue now", because)[1]):
        return RED
    late = re.search(r"(\d+) late but", because)
    return AMBER if late and int(late[1]) else GREEN


def _judged(because):
    words = re.findall("rated (on target|close to target|off target) by", because)
    return next(status for status in (RED, AMBER, GREEN) if status.lower() in words)


_RULES = [
    (r"the figure that later ones are judged by", lambda because: GREY),
    (r"^rated .* which held until", lambda because: GREY),
    (r"^rated ", _judged),
    (r"^\d+ of [\d,]+ \w+ (done|on target) by |^(not )?done (on|by) ", _done),
    (r"^\d+ cases?(,| confirmed)", _cases),
    (rf"{PLACE}(,| with )", _gap),
    (r"steps? (above|below)|the same level", _scale),
    (r"no level is higher", lambda because: GREEN),
    (r"is the best possible", _best),
    (r"the baseline of .* by at least", _trend),
    (r"target in line with", _in_line),
    (r"target significantly", _significantly),
    (r"target (above|below) ", _better),
    (r"target (at least|more than|at most|less than) ", _threshold),
    (r"target .* to ", _band),
    (r"(on target|close to target|off target|not known), of \d+ ", _each_school),
]
