from django.urls import path

from . import views

app_name = "dashboard"
urlpatterns = [
    path("dashboard/", views.trust_dashboard, name="matrix"),
    path("kpis/<int:pk>/", views.kpi_page, name="kpi"),
    path("plan/", views.plan_page, name="plan"),
]
