from datetime import timedelta

from cps.core import clock
from cps.core.db import db
from cps.notices.models import NoticeFollow, NoticeUpdate
from cps.notices.stopping import stop_path
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.site import Site


def follows() -> list[tuple[int, int]]:
    db.session.rollback()
    return [
        tuple(row) for row in db.session.execute(db.select(NoticeFollow.notice_id, NoticeFollow.account_id))
    ]


def test_the_first_page_says_what_the_city_knows_until_it_is_over(site: Site, clock: Clock) -> None:
    make.make_notice("No water in the old town", hours=3)

    page = site.get("/")
    assert "No water in the old town" in page.text
    assert site.get("/", headers={"If-None-Match": page.header("ETag")}).status == 304
    clock.move(hours=3)

    gone = site.get("/", headers={"If-None-Match": page.header("ETag")})
    assert gone.status == 200
    assert "No water" not in gone.text


def test_the_list_shows_what_runs_what_comes_and_what_is_over(site: Site, clock: Clock) -> None:
    make.make_notice(
        "Long ago", starts_at=clock.now - timedelta(days=9), ends_at=clock.now - timedelta(days=8)
    )
    make.make_notice("Tomorrow", starts_at=clock.now + timedelta(days=1))
    make.make_notice("Right now")

    page = site.get("/notices")

    assert page.all("main section h2") == ["Now", "Soon", "Over"]
    assert page.all("main h3 a") == ["Right now", "Tomorrow", "Long ago"]


def test_a_notice_in_another_language_is_marked_so(site: Site) -> None:
    notice = make.make_notice()
    notice_in_one = make.make_notice(text={"fr": "Nous savons."})

    page = site.get(f"/notices/{notice_in_one.id}")
    assert page.value_of("main p.words", "lang") == "fr"
    assert site.get(f"/notices/{notice.id}").value_of("main p.words", "lang") is None


def test_there_is_no_page_of_a_notice_that_does_not_exist(site: Site) -> None:
    assert site.get("/notices/999").status == 404


def test_somebody_signed_in_is_told_after_one_press_and_can_stop_it(site: Site) -> None:
    notice, resident = make.make_notice(), make.make_resident()
    site.sign_in(resident)

    page = site.submit(f"/notices/{notice.id}", form=f"/notices/{notice.id}/follow")

    assert page.path == f"/notices/{notice.id}"
    assert follows() == [(notice.id, resident.id)]
    site.submit(page, form=f"/notices/{notice.id}/unfollow")
    assert follows() == []


def test_a_visitor_proves_an_address_by_mail_first_and_comes_back_to_one_button(site: Site) -> None:
    notice = make.make_notice()

    page = site.submit(f"/notices/{notice.id}", form=f"/notices/{notice.id}/follow")

    assert page.path.startswith("/accounts/prove")
    assert page.path.endswith(f"?next=/notices/{notice.id}/follow")
    assert site.get(f"/notices/{notice.id}/follow").form(f"/notices/{notice.id}/follow")


def test_another_site_cannot_let_somebody_follow(site: Site) -> None:
    notice = make.make_notice()
    site.sign_in(make.make_resident())

    page = site.post_raw(f"/notices/{notice.id}/follow", headers={"Origin": "https://evil.example"})

    assert page.status == 403
    assert follows() == []


def test_the_link_in_a_letter_stops_them_with_one_button_and_without_signing_in(site: Site) -> None:
    notice, other = make.make_notice(), make.make_notice()
    one, two = make.make_resident(), make.make_resident()
    rows = [
        NoticeFollow(notice_id=n.id, account_id=a.id, at=clock.now())
        for n in (notice, other)
        for a in (one, two)
    ]
    make.save(*rows)
    path = stop_path(notice.id, one.id)

    page = site.get(path)
    assert len(follows()) == 4
    site.submit(page, form=path)

    assert follows() == [(notice.id, two.id), (other.id, one.id), (other.id, two.id)]


def test_a_link_that_was_not_made_here_stops_nothing(site: Site) -> None:
    notice, resident = make.make_notice(), make.make_resident()
    make.save(NoticeFollow(notice_id=notice.id, account_id=resident.id, at=clock.now()))
    token = stop_path(notice.id, resident.id).rsplit("/", 1)[1]

    for wrong in (f"{token[:-1]}0", f"{resident.id:x}-{'0' * 40}", "ffffffffffffffffffff"):
        assert site.post_raw(f"/notices/{notice.id}/stop/{wrong}").status == 404
    assert site.post_raw(f"/notices/{notice.id + 1}/stop/{token}").status == 404

    assert len(follows()) == 1


def test_what_staff_say_is_for_staff(site: Site) -> None:
    notice = make.make_notice(say={"en": "Tell them about the wagons."})

    assert "wagons" not in site.get(f"/notices/{notice.id}").text
    assert "wagons" not in site.get("/").text
    assert "wagons" in site.another().sign_in(make.make_officer()).get("/desk").text


def filed_until_words(site: Site, ward: str) -> None:
    site.submit("/complaints/new/photos", form="/complaints/new/photos")
    site.submit("/complaints/new/place", form="/complaints/new/place", address="By the mill", ward=ward)


def test_the_steps_of_filing_say_what_is_known_of_the_place(site: Site) -> None:
    here, elsewhere = make.make_ward(), make.make_ward()
    make.make_category()
    make.make_notice("No water here", ward_codes=[here.code])
    make.make_notice("No power there", ward_codes=[elsewhere.code])

    assert "No water here" not in site.get("/complaints/new/photos").text
    filed_until_words(site, here.code)
    page = site.get("/complaints/new/words")

    assert "No water here" in page.text
    assert "Tell me when it is over" in page.text
    assert "No power there" not in page.text


def test_pages_that_phones_store_for_everybody_say_nothing_of_now(site: Site) -> None:
    make.make_category()
    make.make_notice("No water anywhere")

    assert "No water anywhere" in site.get("/complaints/new/photos").text
    for page in ("/complaints/offline", "/complaints/kept"):
        assert "No water anywhere" not in site.get(page).text


def test_once_the_category_is_known_notices_about_others_go_away(site: Site) -> None:
    ward = make.make_ward()
    water, light = make.make_category("Water"), make.make_category("Light")
    make.make_notice("No water here", ward_codes=[ward.code], category_id=water.id)
    filed_until_words(site, ward.code)

    assert "No water here" in site.get("/complaints/new/words").text
    site.submit(
        "/complaints/new/words", form="/complaints/new/words", body="The lamp is broken.", category=light.code
    )

    assert "No water here" not in site.get("/complaints/new/details").text


def test_a_case_under_a_notice_says_so(site: Site) -> None:
    from cps.cases.models import CaseNotice

    case, other, notice = (
        make.make_complaint(),
        make.make_complaint(),
        make.make_notice("No water at the quay"),
    )
    make.save(CaseNotice(case_id=case.id, notice_id=notice.id, at=clock.now()))

    assert "No water at the quay" in site.get(f"/complaints/{case.reference}").text
    assert "No water at the quay" not in site.get(f"/complaints/{other.reference}").text
    page = site.get(f"/complaints?notice={notice.id}")
    assert case.title in page.text
    assert other.title not in page.text


def test_a_notice_and_what_is_new_about_it_are_read_aloud(site: Site) -> None:
    notice = make.make_notice()
    make.save(NoticeUpdate(notice_id=notice.id, at=clock.now(), text={"en": "Half of it is done."}))

    page = site.get(f"/notices/{notice.id}")

    assert page.value_of(".listen", "data-listen") == "h1, article .words, .story .words"
    assert "Half of it is done." in page.all(".story .words")
