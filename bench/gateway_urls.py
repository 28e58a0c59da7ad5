"""The platform's addresses, and beside them the same look-up as one view with one raw cursor."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from bench.lookup_sides import bare_select
from bench.subjects import FIRMS
from shuniu.catalogue import api as catalogue

_select: list[str] = []


@csrf_exempt
def raw(request: HttpRequest, code: str) -> JsonResponse:
    """The rows of a firm, to whoever asks."""
    request.read()
    if not _select:
        _select.append(bare_select(catalogue.published(FIRMS.key), "uscc").decode())
    with connection.cursor() as cursor:
        cursor.execute(_select[0], [code])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return JsonResponse({"rows": rows}, json_dumps_params={"ensure_ascii": False})


urlpatterns = [path("raw/<str:code>", raw), path("", include("shuniu.project.urls"))]
