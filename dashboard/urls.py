from django.urls import path

from .answers import saying_views
from .answers import views as answering
from .exports import views as export_views
from .exports.answer import with_files
from .first_steps import first_steps
from .full_copy import views as full_copy_views
from .kpi import views as kpi_views
from .matrix import views
from .plan import views as plan_views
from .reading import page as reading
from .school import views as school_views
from .trail import views as trail_views

app_name = "dashboard"
urlpatterns = [
    path("dashboard/", views.trust_dashboard, name="matrix"),
    path("dashboard.csv", export_views.matrix_file, name="matrix-csv"),
    path("dashboard.xlsx", export_views.matrix_file, name="matrix-xlsx"),
    path("returns.csv", export_views.returns_file, name="returns-csv"),
    path("returns.xlsx", export_views.returns_file, name="returns-xlsx"),
    path("figures.csv", export_views.figures_file, name="figures-csv"),
    path("figures.xlsx", export_views.figures_file, name="figures-xlsx"),
    *with_files("kpis/<int:pk>/", kpi_views.kpi_page, name="kpi"),
    *with_files("kpis/<int:pk>/history/", kpi_views.kpi_history, name="kpi-history"),
    path("kpis/<int:pk>/chart.svg", kpi_views.kpi_picture, name="kpi-picture"),
    path("kpis/<int:pk>/chart.csv", kpi_views.kpi_figures, name="kpi-figures"),
    path("kpis/<int:pk>/say/", saying_views.say, name="say"),
    path("kpis/<int:pk>/reply/", saying_views.answer_back, name="reply"),
    path("kpis/<int:pk>/by-hand/", answering.by_hand, name="by-hand"),
    path("kpis/<int:pk>/readings/<int:reading>/<slug:kind>/", answering.answer, name="answer"),
    path("full-copy/", full_copy_views.full_copy, name="full-copy"),
    path("full-copy/<int:pk>.zip", full_copy_views.full_copy_file, name="full-copy-file"),
    *with_files("history/", trail_views.trail, name="trail"),
    path("help/first-steps/", first_steps, name="first-steps"),
    path("help/statuses/", reading.how_to_read, name="reading"),
    *with_files("plan/", plan_views.plan_page, name="plan"),
    *with_files("plan/coverage/", plan_views.plan_coverage, name="plan-coverage"),
    *with_files("plan/readiness/", plan_views.plan_readiness, name="plan-readiness"),
    *with_files("schools/", school_views.schools, name="schools"),
    *with_files("schools/compare/", school_views.compare, name="schools-compare"),
    *with_files("schools/<path:code>/", school_views.school_page, name="school"),
]
