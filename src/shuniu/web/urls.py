"""Addresses of what belongs to no engine: the switches of language and appearance, and the gallery."""

from __future__ import annotations

from django.urls import path

from shuniu.web import pages

app_name = "web"
urlpatterns = [
    path("elder/<str:switch>/", pages.elder, name="elder"),
    path("dense/<str:switch>/", pages.dense, name="dense"),
    path("language/<str:code>/", pages.language, name="language"),
    path("gallery/", pages.gallery, name="gallery"),
]
