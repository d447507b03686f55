"""The conformance checks that anybody can run, asked of this program itself."""

from datetime import timedelta

from conformance.geo_report import Fields, Filing, Reply, checks
from cps.cases.rules import Status
from cps.core import clock
from cps.departments.rules import Datatype
from tests.open311.support import BASE, make_key
from tests.support import factories as make
from tests.support.site import Site


def test_it_passes_the_conformance_checks_in_both_forms(site: Site) -> None:
    ward = make.make_ward()
    asked = [make.question("depth", Datatype.SINGLE, choices={"ankle": "Ankle-deep"}), make.question("since")]
    make.make_category("Pothole", questions=asked)
    plain = make.make_category("Lamp")
    for hours, status in enumerate((Status.RECEIVED, Status.CLOSED, Status.PLANNED)):
        make.make_complaint(status, category=plain, at=clock.now() - timedelta(hours=hours))
    client = site.app.test_client()

    def ask(method: str, path: str, fields: Fields) -> Reply:
        where = {"query_string" if method == "GET" else "data": list(fields)}
        if method == "POST":
            where = {"data": dict(fields)}
        reply = client.open(BASE + path, method=method, **where)
        return Reply(reply.status_code, reply.headers["Content-Type"], reply.data)

    lat, lon = (str(degrees) for degrees in make.middle(ward))
    found = list(checks(ask, Filing(make_key(), lat, lon, plain.code)))

    assert [result for result in found if result.wrong] == []
    assert len(found) > 60
