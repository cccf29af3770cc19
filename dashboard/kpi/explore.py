"""The chart as a Plotly figure, for a reader who points at it.

A plain dictionary: `plotly` itself checks it in a test, so no page pays for
importing it. Colours are left out, the script takes them from the style sheet;
nothing in its texts is bold, because that is a style that the policy stops.
"""

from html import escape

DASHES = {"target": "dash", "outside": "dot"}
SYMBOLS = {"second": "square", "third": "triangle-up", "fourth": "diamond"}
WIDTHS = {"own": 3, "second": 2.5, "third": 2.5, "fourth": 2.5, "target": 2, "outside": 2}
UNLABELLED = "context"


def figure_of(chart):
    """The lines of a chart, as drawn by the server; None where there are none."""
    if chart is None or chart.drawing is None:
        return None
    return {
        "data": [trace for line in chart.lines for trace in _traces(chart, line)],
        "layout": {
            "dragmode": False,
            "separators": ".,",
            "showlegend": False,
            "hovermode": "x unified",
            "height": 340,
            "margin": {"l": 56, "r": 148, "t": 34 if chart.breaks else 12, "b": 48},
            "xaxis": {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": list(chart.periods),
                "fixedrange": True,
                "showgrid": False,
                "tickmode": "array",
                "tickvals": list(chart.periods),
                "ticktext": [_short(period) for period in chart.periods],
                "unifiedhovertitle": {"text": "%{x}"},
            },
            "yaxis": {
                "fixedrange": True,
                "ticksuffix": chart.unit,
                "zeroline": False,
                "range": _range(chart),
            },
            "shapes": [_upright(place) for place, _ in chart.breaks],
            "annotations": [
                *_ends(chart),
                *(_over(chart, place, words) for place, words in chart.breaks),
            ],
        },
    }


def _traces(chart, line):
    """One line; of one with jumps the steps are drawn, and pointed at apart from that."""
    is_measured = line.kind not in ("target", "context")
    is_lone = line.kind == "target" and sum(value is not None for value in line.values) == 1
    name = escape(line.label, quote=False)
    trace = {
        "type": "scatter",
        "mode": "lines+markers" if is_measured or is_lone else "lines",
        "name": name,
        "x": list(chart.periods),
        "y": [None if value is None else float(value) for value in line.values],
        "customdata": ["" if value is None else chart.say(value) for value in line.values],
        "hovertemplate": f"{name} %{{customdata}}<extra></extra>",
        "line": {"width": WIDTHS.get(line.kind, 1.5), "dash": DASHES.get(line.kind, "solid")},
        "marker": {"size": 9, "symbol": SYMBOLS.get(line.kind, "circle")},
        "meta": line.kind,
        "cliponaxis": False,
    }
    if is_lone:
        trace["marker"] = {"size": 20, "symbol": "line-ew-open", "line": {"width": 2}}
    if line.kind == UNLABELLED:
        yield {**trace, "hoverinfo": "skip", "hovertemplate": None}
    elif line.jumps:
        x, y = _stepped(trace["x"], trace["y"], line.jumps)
        skipped = {"hoverinfo": "skip", "hovertemplate": None, "customdata": None}
        yield {**trace, **skipped, "x": x, "y": y}
        yield {**trace, "mode": "markers", "marker": {"size": 9, "opacity": 0}}
    else:
        yield trace


def _stepped(x, y, jumps):
    """The same points, with the old value once more where another begins."""
    across, up = [], []
    for place, (at, value) in enumerate(zip(x, y, strict=True)):
        if place in jumps and place and value is not None and y[place - 1] is not None:
            across.append(at)
            up.append(y[place - 1])
        across.append(at)
        up.append(value)
    return across, up


def _range(chart):
    """The same scale as the server's picture."""
    ticks = chart.drawing.steps
    return [float(ticks[0]), float(ticks[-1])]


def _ends(chart):
    """The names at the right ends of the lines, moved apart as the server has moved them."""
    low, high = _range(chart)
    wide = chart.drawing.drawings[0]
    for line, drawn in zip(chart.lines, wide.lines, strict=True):
        if not drawn.label:
            continue
        last = max(place for place, value in enumerate(line.values) if value is not None)
        share = (wide.bottom - float(drawn.label_y)) / (wide.bottom - wide.top)
        yield {
            "x": chart.periods[last],
            "y": low + share * (high - low),
            "text": escape(line.label, quote=False),
            "xanchor": "left",
            "xshift": 10,
            "showarrow": False,
            "name": line.kind,
        }


def _upright(place):
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": place - 0.5,
        "x1": place - 0.5,
        "y0": 0,
        "y1": 1.05,
        "line": {"width": 1, "dash": "dot"},
    }


def _over(chart, place, words):
    side = "left" if place * 2 <= len(chart.periods) else "right"
    return {
        "x": place - 0.5,
        "xref": "x",
        "y": 1.08,
        "yref": "paper",
        "text": escape(words, quote=False),
        "xanchor": side,
        "showarrow": False,
        "name": "context",
    }


def _short(period):
    """Aut over 25."""
    season, _, year = period.rpartition(" ")
    return f"{season[:3]}<br>{year[-2:]}" if season in ("Autumn", "Spring", "Summer") else period
