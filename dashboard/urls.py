from django.urls import path

from . import answering, views

app_name = "dashboard"
urlpatterns = [
    path("dashboard/", views.trust_dashboard, name="matrix"),
    path("kpis/<int:pk>/", views.kpi_page, name="kpi"),
    path("kpis/<int:pk>/by-hand/", answering.by_hand, name="by-hand"),
    path("kpis/<int:pk>/readings/<int:reading>/<slug:kind>/", answering.answer, name="answer"),
    path("plan/", views.plan_page, name="plan"),
]
