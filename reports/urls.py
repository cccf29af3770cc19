from django.urls import path

from .building import cut_views, drafting_views, meeting_views
from .reading import asking_views, results_views, views

app_name = "reports"
ONE = "reports/<int:pk>/"
VERSION = f"{ONE}versions/<int:number>/"
urlpatterns = [
    path("reports/", views.report_list, name="report-list"),
    path("reports/latest/", views.latest, name="report-latest"),
    path("reports/sheets/now.css", views.sheet_now, name="report-sheet-now"),
    path("reports/meetings/new/", meeting_views.meeting_new, name="report-meeting-new"),
    path("reports/meetings/<int:pk>/", meeting_views.meeting, name="report-meeting"),
    path("reports/committees/new/", cut_views.cut_new, name="report-cut-new"),
    path("reports/committees/<int:pk>/", cut_views.cut, name="report-cut"),
    path("reports/results/", results_views.results, name="results"),
    path(ONE, views.read, name="report-read"),
    path(f"{ONE}draft/", drafting_views.draft, name="report-draft"),
    path(f"{ONE}preview/", drafting_views.preview, name="report-preview"),
    path(f"{ONE}publish/", drafting_views.publish, name="report-publish"),
    path(f"{ONE}questions/", asking_views.questions, name="report-questions"),
    path(f"{ONE}questions/<int:number>/answer/", asking_views.answer_one, name="report-answer"),
    path(f"{ONE}notes/", asking_views.notes, name="report-notes"),
    path(VERSION, views.read_version, name="report-version"),
    path(f"{VERSION}sheets/<slug:digest>.css", views.sheet, name="report-sheet"),
    path(f"{VERSION}report.<slug:kind>", views.report_file, name="report-file"),
]
