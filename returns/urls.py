from django.urls import path

from . import board_views, collecting_views, saving_views, views

app_name = "returns"
urlpatterns = [
    path("returns/", views.return_list, name="return-list"),
    path("returns/remind/", board_views.remind_late, name="remind"),
    path("returns/approve/", board_views.approve_several, name="approve-several"),
    path("returns/collect/", collecting_views.collect, name="collect"),
    path("returns/<int:pk>/", views.return_edit, name="return-edit"),
    path("returns/<int:pk>/lines/", saving_views.return_line, name="return-line"),
    path("returns/<int:pk>/results/", saving_views.return_results, name="return-results"),
    path("returns/<int:pk>/check/", views.return_check, name="return-check"),
    path("returns/<int:pk>/submit/", views.return_submit, name="return-submit"),
    path("returns/<int:pk>/take-back/", views.return_withdraw, name="return-withdraw"),
    path("returns/<int:pk>/approve/", views.return_approve, name="return-approve"),
    path("returns/<int:pk>/reopen/", views.return_reopen, name="return-reopen"),
]
