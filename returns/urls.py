from django.urls import path

from . import views
from .board import views as board_views
from .cases import views as case_log_views
from .collecting import new_year_views
from .collecting import views as collecting_views
from .evidence import views as evidence_views
from .grid import saving_views
from .life import approving_views, handing_views, sending_views
from .spreadsheets import views as upload_views

app_name = "returns"
urlpatterns = [
    path("returns/", views.return_list, name="return-list"),
    path("returns/remind/", board_views.remind_late, name="remind"),
    path("returns/approve/", board_views.approve_several, name="approve-several"),
    path("returns/collect/", collecting_views.collect, name="collect"),
    path("returns/spreadsheet/", upload_views.spreadsheet, name="spreadsheet"),
    path("returns/spreadsheet/help/", upload_views.spreadsheet_help, name="spreadsheet-help"),
    *[
        path(f"returns/template.{kind}", upload_views.template, {"kind": kind}, f"template-{kind}")
        for kind in ("csv", "xlsx")
    ],
    path("returns/templates.zip", upload_views.templates_zip, name="templates-zip"),
    path("uploads/<int:pk>/", upload_views.upload, name="upload"),
    path("uploads/<int:pk>/columns/", upload_views.upload_columns, name="upload-columns"),
    path("uploads/<int:pk>/undo/", upload_views.upload_undo, name="upload-undo"),
    *[
        path(
            f"uploads/<int:pk>/problems.{kind}",
            upload_views.upload_problems,
            {"kind": kind},
            f"upload-problems-{kind}",
        )
        for kind in ("csv", "xlsx")
    ],
    path(
        "returns/<int:pk>/spreadsheet/",
        upload_views.return_spreadsheet,
        name="return-spreadsheet",
    ),
    *[
        path(
            f"returns/<int:pk>/template.{kind}",
            upload_views.return_template,
            {"kind": kind},
            f"return-template-{kind}",
        )
        for kind in ("csv", "xlsx")
    ],
    path("returns/new-year/", new_year_views.new_year, name="new-year"),
    path("returns/<int:pk>/", views.return_edit, name="return-edit"),
    path("returns/<int:pk>/lines/", saving_views.return_line, name="return-line"),
    path("returns/<int:pk>/results/", saving_views.return_results, name="return-results"),
    path("returns/<int:pk>/hand/", handing_views.return_hand, name="return-hand"),
    path(
        "returns/<int:pk>/log/<int:measure>/<int:unit>/",
        case_log_views.return_log,
        name="return-log",
    ),
    path("returns/<int:pk>/check/", sending_views.return_check, name="return-check"),
    path("returns/<int:pk>/submit/", sending_views.return_submit, name="return-submit"),
    path("returns/<int:pk>/sent/", sending_views.return_sent, name="return-sent"),
    path("returns/<int:pk>/take-back/", sending_views.return_withdraw, name="return-withdraw"),
    path("returns/<int:pk>/approve/", approving_views.return_approve, name="return-approve"),
    path("returns/<int:pk>/reopen/", approving_views.return_reopen, name="return-reopen"),
    path("returns/<int:pk>/evidence/<slug:line>/", evidence_views.evidence, name="evidence"),
    path("evidence/<int:pk>/", evidence_views.evidence_file, name="evidence-file"),
]
