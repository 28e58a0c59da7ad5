"""Addresses of the items' desk, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.pages.items import editing, listing, publishing

_ONE = "desk/items/<str:agency>/<slug:name>"
urlpatterns = [
    path("desk/items/", listing.listed, name="item_list"),
    path("desk/items/new/", listing.new, name="new_item_of_service"),
    path(f"{_ONE}/", editing.item, name="item_desk"),
    path(f"{_ONE}/guide/", publishing.guide, name="item_guide"),
    path(f"{_ONE}/form/", publishing.form, name="item_form"),
    path(f"{_ONE}/effect/", publishing.effect, name="item_effect"),
    path(f"{_ONE}/submit/", publishing.submit, name="item_submit"),
    path(f"{_ONE}/publish/", publishing.publish, name="item_publish"),
    path(f"{_ONE}/return/", publishing.give_back, name="item_return"),
    path(f"{_ONE}/withdraw/", publishing.withdraw, name="item_withdraw"),
    path(f"{_ONE}/discard/", publishing.discard, name="item_discard"),
    path(f"{_ONE}/parts/<slug:key>/", editing.part, name="item_part"),
    path(f"{_ONE}/parts/<slug:key>/new/", editing.entry, name="item_entry_new"),
    path(f"{_ONE}/parts/<slug:key>/<int:place>/", editing.entry, name="item_entry"),
]
