"""Addresses of letters: the public's and the desk's, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.hall import letters, letters_own
from shuniu.portal.pages import letters as desk

urlpatterns = [
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.new, name="letter_new"),
    path("letters/sent/", letters.sent, name="letter_sent"),
    path("letters/follow/", letters.follow, name="letter_follow"),
    path("letters/mine/", letters_own.mine, name="my_letters"),
    path("letters/mine/<str:number>/", letters_own.letter, name="my_letter"),
    path("letters/<str:number>/", letters.public, name="letter_public"),
    path("desk/letters/", desk.letters, name="letter_desk"),
    path("desk/letters/new/", desk.entered, name="letter_entry"),
    path("desk/letters/routes/", desk.routes, name="letter_routes"),
    path("desk/letters/<str:number>/", desk.letter, name="letter"),
    path("desk/letters/<str:number>/<slug:step>/", desk.act, name="letter_act"),
]
