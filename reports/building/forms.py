"""What a leader types: a meeting, a draft, the note of a correction."""

from django import forms

from ..freezing.snapshot import read_by
from ..models import Pick, Provisional, Report
from .drafting import COLUMNS, THERE_ALREADY, Draft, Picked
from .inserting import FIELDS, typed_figures, unknown_fields
from .ready import SUMMARY_WORDS
from .told import APPENDIX, PURPOSES

PART = Pick._meta.get_field("why").max_length
ASK = 300
SPARE_ASKS = 2
NO_NAMES = "Do not name a pupil or a member of staff."


def area(rows):
    return forms.Textarea({"rows": rows})


def day(label, **about):
    return forms.DateField(
        label=label,
        help_text="Like 10/2/2026.",
        input_formats=["%d/%m/%Y", "%d/%m/%y", "%d %B %Y", "%Y-%m-%d"],
        widget=forms.DateInput({"size": 12}, format="%d/%m/%Y"),
        error_messages={
            "required": "Enter the day, like 10/2/2026.",
            "invalid": "Enter the day like 10/2/2026.",
        },
        **about,
    )


class MeetingForm(forms.Form):
    name = forms.CharField(
        label="Who meets?",
        help_text="Trust board, or the name of a committee.",
        max_length=120,
        error_messages={"required": "Enter who meets, like Trust board."},
    )
    on = day("When do they meet?")
    papers_on = day("When do the papers go out?", required=False)
    committee = forms.CharField(
        label="Committee", help_text="Empty for the whole board.", max_length=80, required=False
    )

    def clean(self):
        on, papers = self.cleaned_data.get("on"), self.cleaned_data.get("papers_on")
        if on and papers and papers > on:
            self.add_error("papers_on", "Papers go out before the meeting, or on its day.")


EVERYONE = "all", "The whole board: everything"


def _cut(chosen):
    """The number of a committee's choice; None for the whole board."""
    return None if chosen == EVERYONE[0] else int(chosen)


class BeginForm(forms.Form):
    """Which term a new report is about, and who reads it; ``initial`` may name the committee."""

    def __init__(self, *args, terms, cuts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term"] = forms.ChoiceField(
            label="Which term is it about?", choices=[(term.slug, str(term)) for term in terms]
        )
        if cuts:
            self.fields["cut"] = forms.TypedChoiceField(
                label="Who reads it?",
                coerce=_cut,
                choices=[EVERYONE, *((cut.pk, cut.name) for cut in cuts)],
            )


class DraftForm(forms.Form):
    """The whole draft in one form. ``edition`` is the one that the leader saw."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label="Summary",
        required=False,
        widget=area(6),
        help_text=f"Three to five sentences, {SUMMARY_WORDS} words at most. A figure is a field in"
        " braces, like {off_target}: it is filled in when the report is made.",
    )

    def __init__(self, *args, report, cuts, board, items, **kwargs):
        """``items`` are the results that can be ticked, as `drafting_views.Item`."""
        self.report, self.board, self.items = report, board, items
        initial = {name: getattr(report, name) for name in COLUMNS}
        initial |= {
            "edition": report.edition,
            "summary": report.summary,
            "cut": report.cut_id or EVERYONE[0],
            "priorities": [str(pk) for pk in report.priorities.values_list("pk", flat=True)],
        }
        super().__init__(*args, initial=initial, **kwargs)
        for name in (*PURPOSES, *APPENDIX):
            label = Report._meta.get_field(name).verbose_name
            self.fields[name] = forms.BooleanField(
                label=f"{label[0].upper()}{label[1:]}", required=False
            )
        self.fields["provisional"] = forms.ChoiceField(
            label="Figures that are not approved yet",
            choices=Provisional.choices,
            widget=forms.RadioSelect,
        )
        self.fields["cut"] = forms.TypedChoiceField(
            label="Who reads it?",
            coerce=_cut,
            choices=[EVERYONE, *((cut.pk, cut.name) for cut in cuts)],
        )
        self.fields["priorities"] = forms.TypedMultipleChoiceField(
            label="Priorities, a page each",
            required=False,
            coerce=int,
            choices=[(top.id, _named(top)) for top in board.tops],
            widget=forms.CheckboxSelectMultiple,
        )
        self._add_asks()
        for item in items:
            self._add_item(item)
        self._add_other()

    def _add_asks(self):
        asks = list(self.report.asks.select_related("about"))
        held = [ask.words for ask in asks]
        named = [(f"{one.node}-{one.unit}", one.name) for one in self.items if one.pick]
        self.ask_names = []
        for place in range(len(held) + SPARE_ASKS):
            name = f"ask-{place + 1}"
            self.ask_names.append(name)
            self.fields[name] = forms.CharField(
                label=f"Ask {place + 1}",
                required=False,
                max_length=ASK,
                initial=held[place] if place < len(held) else "",
                error_messages={"max_length": f"Shorten this to {ASK} characters."},
            )
            if named and place < len(held):
                about = asks[place].about
                self.fields[f"about-{name}"] = forms.ChoiceField(
                    label=f"Which exception is ask {place + 1} about?",
                    required=False,
                    choices=[("", "None of them"), *named],
                    initial=f"{about.node_id}-{about.unit_id}" if about else "",
                )

    def _about(self, name):
        """The exception that an ask is about, as (node, unit); None for none."""
        chosen = self.cleaned_data.get(f"about-{name}")
        return tuple(map(int, chosen.split("-"))) if chosen else None

    def _add_item(self, item):
        pick = item.pick
        self.fields[item.box("tick")] = forms.BooleanField(
            label=item.name, required=False, initial=pick is not None
        )
        if pick is None:
            return
        self.fields[item.box("order")] = forms.IntegerField(
            label="Place",
            min_value=1,
            max_value=999,
            required=False,
            initial=pick.order,
            widget=forms.TextInput({"size": 3, "inputmode": "numeric"}),
            error_messages={"invalid": "Enter the place as a whole number, like 2."},
        )
        for part, label, hint, rows, most in (
            ("why", "Why?", f"What is behind it. {NO_NAMES}", 3, PART),
            ("what_next", "What next?", "", 3, PART),
            ("who", "Who?", "", 0, 120),
            ("by_when", "By when?", "", 0, 120),
        ):
            self.fields[item.box(part)] = forms.CharField(
                label=label,
                help_text=hint,
                required=False,
                max_length=most,
                initial=getattr(pick, part),
                widget=area(rows) if rows else forms.TextInput(),
                error_messages={"max_length": f"Shorten this to {most} characters."},
            )

    def _add_other(self):
        """Any result, by its KPI and whose it is: what no rule suggests."""
        board = self.board
        kpis = [(one.promise.id, _named(one.branch)) for one in read_by(self.report.cut, board)]
        units = [board.given.trust, *(school.id for school in board.schools)]
        self.fields["other_kpi"] = forms.TypedChoiceField(
            label="KPI",
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", "Choose a KPI"), *kpis],
        )
        self.fields["other_unit"] = forms.TypedChoiceField(
            label="Of which school?",
            required=False,
            coerce=int,
            choices=[(unit, board.name_of(unit)) for unit in units],
        )

    def _other(self):
        """The result that was chosen from all, as (node, unit); None without one."""
        node, unit = self.cleaned_data.get("other_kpi"), self.cleaned_data.get("other_unit")
        return (node, unit) if node and unit else None

    def _clean_other(self):
        found = self._other()
        if found is None:
            return
        across = self.board.by_kpi[found[0]]
        if self.board.result(across, found[1]) is None:
            whose = self.board.name_of(found[1])
            words = "It is measured for the trust as a whole. Choose the trust."
            if not across.is_whole:
                words = f"Nothing is asked of {whose} here. Choose another school, or the trust."
            self.add_error("other_unit", words)
        elif any(item.pick and (item.node, item.unit) == found for item in self.items):
            self.add_error("other_kpi", "This result is in the report already.")

    def clean_cut(self):
        cut = self.cleaned_data["cut"]
        report = self.report
        others = Report.objects.filter(meeting=report.meeting, term=report.term, cut=cut)
        if others.exclude(pk=report.pk).exists():
            raise forms.ValidationError(THERE_ALREADY)
        return cut

    def clean_summary(self):
        text = self.cleaned_data["summary"].replace("\r\n", "\n").strip()
        words = len(text.split())
        if words > SUMMARY_WORDS:
            raise forms.ValidationError(
                f"Shorten the summary to {SUMMARY_WORDS} words. It has {words}."
            )
        return text

    def clean(self):
        self._clean_other()
        texts = [(name, value) for name, value in self.cleaned_data.items() if _is_text(name)]
        for name, text in texts:
            if unknown := unknown_fields(str(text or "")):
                braces = ", ".join(f"{{{one}}}" for one in unknown)
                self.add_error(name, f"{braces} is no field. The fields are listed below.")

    @property
    def pointed_out(self):
        """Figures typed by hand in the summary: they do not change with the results."""
        text = self["summary"].value() or ""
        return typed_figures(text)

    def draft(self):
        """What was chosen, for `save_draft`."""
        data = self.cleaned_data
        return Draft(
            summary=data["summary"],
            asks=tuple(data[name].strip() for name in self.ask_names),
            about=tuple(self._about(name) for name in self.ask_names),
            picks=tuple(self._picks()),
            priorities=frozenset(data["priorities"]),
            columns={name: data[name] for name in COLUMNS} | {"cut_id": data["cut"]},
        )

    def _picks(self):
        data, other = self.cleaned_data, self._other()
        rules = {(item.node, item.unit): item.rule for item in self.items}
        if other is not None:
            yield Picked(*other, order=2000, rule=rules.get(other, ""))
        for place, item in enumerate(self.items):
            if not data[item.box("tick")] or (item.node, item.unit) == other:
                continue
            if item.pick is None:
                yield Picked(item.node, item.unit, order=1000 + place, rule=item.rule)
                continue
            words = {
                part: data[item.box(part)].replace("\r\n", "\n").strip()
                for part in ("why", "what_next", "who", "by_when")
            }
            order = data[item.box("order")] or item.pick.order
            yield Picked(item.node, item.unit, order=order, rule=item.pick.rule, **words)


def _named(branch):
    return f"{branch.code} {branch.title}".strip()


def _is_text(name):
    return name == "summary" or name.startswith(("why-", "what_next-"))


class PublishForm(forms.Form):
    """Publish version ``number``; a correction says what it puts right."""

    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, number, **kwargs):
        super().__init__(*args, initial={"number": number}, **kwargs)
        if number > 1:
            self.fields["correction"] = forms.CharField(
                label="What does this version correct?",
                help_text="One or two sentences. It stands on top of the report for good.",
                max_length=400,
                widget=area(3),
                error_messages={
                    "required": "Say what this version corrects.",
                    "max_length": "Shorten this to 400 characters.",
                },
            )


FIELD_LIST = tuple(FIELDS.items())


class QuestionForm(forms.Form):
    """What a trustee asks, and about which item."""

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"] = forms.ChoiceField(
            label="About",
            required=False,
            choices=[("", "The report as a whole"), *items],
        )
        self.fields["words"] = forms.CharField(
            label="Your question",
            help_text=f"Everybody who reads the report sees it, with your name. {NO_NAMES}",
            max_length=PART,
            widget=area(3),
            error_messages={
                "required": "Write your question.",
                "max_length": f"Shorten this to {PART} characters.",
            },
        )


class AnswerForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    answer = forms.CharField(
        label="Your answer",
        help_text=f"Everybody who reads the report sees it, with your name. {NO_NAMES}",
        max_length=1000,
        widget=area(5),
        error_messages={
            "required": "Write an answer.",
            "max_length": "Shorten this to 1000 characters.",
        },
    )


class NoteForm(forms.Form):
    words = forms.CharField(
        label="Your notes",
        help_text="Only you see them: no leader, no other trustee, nobody at the trust.",
        required=False,
        max_length=4000,
        widget=area(12),
        error_messages={"max_length": "Shorten your notes to 4000 characters."},
    )


class CutForm(forms.Form):
    """What one committee reads."""

    name = forms.CharField(
        label="Which committee?",
        max_length=80,
        error_messages={"required": "Enter the name of the committee, like Finance committee."},
    )

    def __init__(self, *args, tops, kpis, trustees, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"] = forms.TypedMultipleChoiceField(
            label="Who sits on it?",
            help_text="They get the e-mail when its report is published. With nobody chosen all"
            " trustees get it. Every trustee may read it.",
            choices=trustees,
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["priorities"] = forms.TypedMultipleChoiceField(
            label="Priorities",
            help_text="Each comes with all of its KPIs, unless you choose some of them below.",
            choices=tops,
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["kpis"] = forms.TypedMultipleChoiceField(
            label="KPIs",
            choices=kpis,
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def clean(self):
        data = self.cleaned_data
        if not self.errors and not (data.get("priorities") or data.get("kpis")):
            self.add_error(
                "priorities", "Choose a priority or a KPI, so that there is something to read."
            )
