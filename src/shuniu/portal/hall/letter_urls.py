"""Addresses of letters for who writes and reads them."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.hall import letters, letters_own

urlpatterns = [
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.new, name="letter_new"),
    path("letters/sent/", letters.sent, name="letter_sent"),
    path("letters/follow/", letters.follow, name="letter_follow"),
    path("letters/mine/", letters_own.mine, name="my_letters"),
    path("letters/mine/<str:number>/", letters_own.letter, name="my_letter"),
    path("letters/<str:number>/", letters.public, name="letter_public"),
]
