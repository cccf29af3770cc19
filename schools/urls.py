from django.urls import path

from . import views

app_name = "schools"
urlpatterns = [
    path("", views.home, name="home"),
    path("t/<trust:trust>/", views.landing, name="landing"),
    path("t/<trust:trust>/people/", views.people, name="people"),
]
