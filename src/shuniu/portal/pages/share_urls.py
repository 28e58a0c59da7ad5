"""Addresses of sharing on the desk."""

from __future__ import annotations

from django.urls import include, path, re_path

from shuniu.portal.pages import agreements, share_offers, shares

urlpatterns = [
    path("desk/shares/", shares.shares, name="shares"),
    path("desk/shares/offers/", share_offers.offers, name="offers"),
    path("desk/shares/new/<path:key>/", shares.ask, name="share_new"),
    path("desk/shares/<int:number>/", shares.share, name="share"),
    path("desk/shares/<int:number>/decide/", shares.decide, name="share_decide"),
    path("desk/shares/<int:number>/withdraw/", shares.withdraw, name="share_withdraw"),
    path("desk/agreements/", agreements.agreements, name="agreements"),
    path("desk/agreements/foresee/", agreements.foresee, name="foresee"),
    path("", include("shuniu.portal.pages.agreement_files")),
    path("desk/agreements/<int:number>/", agreements.agreement, name="agreement"),
    re_path(
        r"^desk/agreements/(?P<number>\d{1,18})/(?P<what>suspend|resume|revoke|give-up)/$",
        agreements.act,
        name="agreement_act",
    ),
]
