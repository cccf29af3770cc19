"""Questions before the meeting, answers, and a reader's private notes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.access import access
from schools.models import Role

from ..building.forms import AnswerForm, NoteForm, QuestionForm
from ..models import PrivateNote, Question, Report
from .asking import answer, ask, note
from .questions import asked_of, items_of
from .views import READERS


def _published(pk):
    """A report that has been published, and its newest version; what has not is not there."""
    reports = Report.objects.select_related("meeting__trust", "term__period", "cut")
    report = get_object_or_404(reports, pk=pk)
    newest = report.versions.first()
    if newest is None:
        raise Http404
    return report, newest


@access(GET=READERS, POST={Role.TRUSTEE})
def questions(request, trust, pk):
    """What was asked before the meeting, and what was answered."""
    report, newest = _published(pk)
    items = items_of(newest)
    is_open = timezone.localdate() <= report.meeting.on
    form = QuestionForm(request.POST if request.method == "POST" else None, items=items)
    if form.is_bound and form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        ask(
            report,
            item=data["item"],
            words=data["words"],
            memberships=request.memberships,
            at=now,
            today=timezone.localdate(now),
        )
        messages.success(request, "Your question is there for the trust's leaders to answer.")
        return redirect("reports:report-questions", trust, pk)
    leads, asks = request.memberships.has(Role.LEADER), request.memberships.has(Role.TRUSTEE)
    page = {
        "report": report,
        "questions": asked_of(
            report,
            items,
            page=reverse("reports:report-read", args=[trust, pk]),
            trust=trust if leads else None,
        ),
        "form": form if asks and is_open else None,
        "is_open": is_open,
    }
    return render(request, "reports/questions.html", page, status=422 if form.errors else 200)


@access(GET={Role.LEADER}, POST={Role.LEADER})
def answer_one(request, trust, pk, number):
    """Answer one question of a trustee."""
    report, newest = _published(pk)
    question = get_object_or_404(Question.objects, pk=number, report=report)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"answer": question.answer, "seen": question.answer},
    )
    if form.is_bound and form.is_valid():
        answer(
            question,
            words=form.cleaned_data["answer"],
            seen=form.cleaned_data["seen"],
            memberships=request.memberships,
            at=timezone.now(),
        )
        messages.success(request, "Your answer stands under the question.")
        return redirect("reports:report-questions", trust, pk)
    page = {"report": report, "question": question, "form": form, "item": dict(items_of(newest))}
    page["item"] = page["item"].get(question.item, "The report as a whole")
    return render(request, "reports/answer.html", page, status=422 if form.errors else 200)


@access(GET=READERS, POST=READERS)
def notes(request, trust, pk):
    """A reader's own notes on a report: nobody else sees them."""
    report, _ = _published(pk)
    held = PrivateNote.objects.filter(report=report, user=request.user).first()
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        initial={"words": held.words if held else ""},
    )
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["words"].replace("\r\n", "\n")
        note(report, words=words, memberships=request.memberships, at=timezone.now())
        messages.success(request, "Your notes are kept. Nobody else sees them.")
        return redirect("reports:report-notes", trust, pk)
    page = {"report": report, "form": form}
    return render(request, "reports/notes.html", page, status=422 if form.errors else 200)
