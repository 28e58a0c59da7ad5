"""Addresses of the portal: the public pages, then the desk's."""

from __future__ import annotations

from django.urls import include, path

from shuniu.portal.pages import audit, catalogue, desk, home, office, quality, review, submissions, upload

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("catalogue/", catalogue.resources, name="catalogue"),
    path("catalogue/<path:key>/template.csv", catalogue.template, name="template"),
    path("catalogue/<path:key>/", catalogue.resource, name="resource"),
    path("desk/", desk.desk, name="desk"),
    path("desk/upload/<path:key>/", upload.upload, name="upload"),
    path("desk/nothing/<path:key>/", upload.nothing, name="nothing"),
    path("desk/quality/", quality.month, name="quality"),
    path("desk/submissions/", submissions.submissions, name="submissions"),
    path("desk/submissions/<int:number>/", submissions.submission, name="submission"),
    path("desk/submissions/<int:number>/progress/", submissions.progress, name="progress"),
    path("desk/submissions/<int:number>/release/", submissions.release, name="release"),
    path("desk/submissions/<int:number>/turn-down/", submissions.turn_down, name="turn_down"),
    path("desk/submissions/<int:number>/recall/", submissions.recall, name="recall"),
    path("desk/submissions/<int:number>/rejects/", submissions.rejects, name="rejects"),
    path("desk/submissions/<int:number>/rejects.csv", submissions.rejects_file, name="rejects_file"),
    path("desk/submissions/<int:number>/rows/<str:change>/", submissions.rows, name="rows"),
    path("desk/matches/", review.matches, name="matches"),
    path("desk/matches/<int:number>/", review.match, name="match"),
    path("desk/matches/<int:number>/decide/", review.decide, name="match_decide"),
    path("desk/matches/<int:number>/undo/", review.undo, name="match_undo"),
    path("office/", office.office, name="office"),
    path("office/resources/", office.resources, name="office_resources"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("audit/head.json", audit.head, name="audit_head"),
    path("", include("shuniu.portal.credit.urls")),
]
