"""Every column of the database is known to hold personal data, and then documented, or known not to."""

import re
from pathlib import Path

import pytest

import cps
from cps.core.db import db
from tests.support.application import config_for

DOCUMENT = Path(__file__).parents[1] / "docs" / "privacy.md"
ROW = re.compile(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)

_LEASED = "id run_at attempts lease_until lease_owner done_at failed_at last_error"
_WORK = f"{_LEASED} dedupe_key"

IMPERSONAL = {
    "access_log": "id",
    "account": "version",
    "alert": "id version",
    "answer_search": "day language words count",
    "answer_synonyms": "id words version",
    "article": "id slug status language category_id department_id valid_from valid_until review_on is_alone"
    " published_at created_at updated_at version",
    "article_day": "article_id day helped not_helped solved",
    "article_event": "id article_id at kind language title body message",
    "article_term": "term weight article_id",
    "article_text": "article_id language is_live title body words edition of_edition updated_at",
    "article_word": "key word",
    "attachment": "id name case_id draft_id event_id stage width height is_hidden added_at",
    "audit": "id at action object_kind chain_hash",
    "ballot_box": "leaf poll_id body",
    "ballot_inbox": "handle poll_id body",
    "ballot_spent": "handle poll_id",
    "call_back": "id contact_id case_id due_at waits_for_answer department_id state attempts made_at ended_at"
    " version",
    "call_back_step": "id call_back_id at turn",
    "caller": "id version",
    "caller_warning": "id step",
    "case_event": "id case_id kind audience at public_from language status outcome",
    "case_notice": "case_id notice_id at",
    "case_notice_update": "update_id case_id refusal",
    "case_question": "id case_id event_id asked_at ends_at ended_at ending answered_at answer_event_id",
    "cases": "id reference kind status outcome priority language category_id department_id"
    " joined_to_id ward_id source external_id channel received_at entered_at"
    " clock_started_at runs_all_hours acknowledge_by acknowledged_at promised_at due_at extensions"
    " paused_at pause_ends_at pause_used suspensions_seen alarm_at answered_at closed_at reopened"
    " updated_at is_private is_hidden is_integrity is_listed has_unread_reply"
    " support_count photo_count version",
    "chat_message": f"{_WORK} way created_at",
    "category": "id code kind group_name name description keywords icon department_id service_time"
    " service_time_unit acknowledge_hours is_repair is_private_by_default is_integrity ord"
    " is_active needs version",
    "category_question": "id category_id code datatype label help is_required choices stops ord",
    "city": "id name zone country languages default_language currency accent phone"
    " emergency_phone welcome danger_words settings logo logo_next version",
    "city_text": "page texts version",
    "contact": "id matter late_reason waited_seconds ending code_id case_id article_id department_id"
    " entered_at channel language received_at",
    "counter_pass": "poll_id",
    "department": "id code name about email phone is_triage is_active ord successor_id version",
    "closing_request": "id case_id event_id outcome asked_at decided_at is_granted answer_event_id",
    "closed_check": "week case_id is_good at",
    "case_presence": "case_id",
    "decline_reason": "id code text endings ord is_active version",
    "desk_act": "id kind is_bulk planned_at started_at public_from done_at undone_at",
    "desk_act_case": "act_id case_id version_seen version_after state why before",
    "draft": "id kind version",
    "due_change": "id case_id key before after at days event_id suspension_id paused_from paused_until",
    "escalation": "case_id step due_at at",
    "extension_request": "id case_id days language asked_at decided_at is_granted",
    "form_key": "key_hash purpose leads_to used_at",
    "helper_consent": "id scope how version",
    "holiday": "day name",
    "incoming_message": "id way external_id received_at entered_at language state reason case_id settled_at"
    " version",
    "incoming_part": "id way external_id ref of part received_at entered_at message_id",
    "inbox_look": "department_id looked_at alarmed_at",
    "integrity_bar": "case_id at",
    "integrity_reader": "slot named_at",
    "integrity_report": "case_id about_department_id released_at",
    "invitation": "id version",
    "job": f"{_WORK} kind created_at",
    "learned_words": "id learned_at cases counts measured version",
    "ledger_leaf": "poll_id seq leaf batch_no",
    "limit_window": "window_start count",
    "live_count": "poll_id batch_no size blank counts",
    "map_cell": "kind level category_id ward_id x y waiting in_hand done lat_e6 lon_e6",
    "map_change": "id kind category_id ward_id x y waiting in_hand done lat_e6 lon_e6",
    "message": f"{_WORK} channel takes_replies created_at",
    "morning_reader": "id",
    "notice": "id title text say ward_codes lat lon radius_m category_id department_id starts_at"
    " ends_at created_at updated_at version",
    "notice_update": "id notice_id at text",
    "one_time_code": "id purpose",
    "opening_hours": "weekday opens closes",
    "open311_key": "id client media_host key_hash created_at revoked_at",
    "open311_sent": f"{_LEASED} case_id system_id stage number token asked_at sent_at heard_at changed_at"
    " told told_at ending",
    "open311_system": f"{_LEASED} department_id base_url sealed_key jurisdiction is_on routes services"
    " form looked_at looked_trouble heard_at trouble trouble_since failures rest_until version",
    "open311_request": "case_id key_id sent_tag sent_at media_url",
    "outbox": f"{_WORK} fact about_id stated_at",
    "own_archive": "storage_key ready_at gone_at",
    "paper_form": "reference language printed_at case_id entered_at",
    "paper_count": "poll_id at totals",
    "partner": "id name language is_active version",
    "partner_link": "id case_id partner_id token_hash shares language asked_at expires_at taken_at"
    " ended_at ending answer_event_id",
    "photo_doubt": "id photo_id case_id kind other_id found_at is_good checked_at",
    "poll": "id slug state question explanation picture picture_sha256 method most budget"
    " option_order key verified_before ward_codes age_from age_to is_listed is_declared"
    " age_bands opens_at closes_at results lines is_sensitive tie draw_text objection_days"
    " decision_days objection_category_id witnesses has_no_witnesses rehearsed_at"
    " copy_read_at spec_json spec_sha256 eligible opened_at closed_at tallied_at"
    " publish_asked_at published_at objections_until final_at keys_destroyed_at"
    " void_reason draw result_json turnout bundle_sha256 decision decision_due_at"
    " decided_at cloned_from_id created_at updated_at version",
    "moderation_act": "id thing thing_id case_id what reason at ended_at appealed_at decided_at decided_alone"
    " is_granted version",
    "moderation_flag": "id thing_id case_id",
    "moderation_original": "act_id",
    "poll_event": "id poll_id kind at text data",
    "poll_extension": "id poll_id at closes_at reason",
    "poll_listed": "poll_id",
    "poll_objection": "case_id poll_id",
    "poll_option": "poll_id code ord labels texts cost picture picture_sha256",
    "proposal": "case_id needed answer_days opened_at gathers_until shows_author former_supports former_site"
    " supported_at rank",
    "proposal_answer": "case_id outcome text language points unit_id whose link reason_code reason_text"
    " drafted_at read_at published_at version",
    "proposal_comment": "id case_id parent_id level parent_level shows_name is_official stance language at"
    " backing_count is_hidden hidden_reason",
    "proposal_delivery": "case_id unit_id due_on budget percent began_at delivered_at version",
    "proposal_join": "id case_id into_id at reason status_before undone_at undone_reason",
    "proposal_milestone": "id case_id title language due_on promised_on done_on",
    "proposal_poll": "case_id poll_id at",
    "proposal_recount": "case_id since",
    "proposal_step": "case_id step at supports is_lifted reason",
    "proposal_threshold": "id step area ward_id category_id supports days answer_days department_id why"
    " updated_at version",
    "year_figures": "day counted_at figures",
    "promise_file": "id month edition reason text sha256 public_key signature frozen_at",
    "published_ballot": "poll_id code_sha256 leaf choice",
    "read_out": "id case_id at",
    "reply_template": "id code department_id title body updated_at category_id move is_active version",
    "routing_rule": "id position name conditions department_id makes_urgent is_active version",
    "saved_view": "id department_id ord made_at version",
    "schema_level": "id level oldest_code",
    "search_word": "key word weight",
    "sms_day": "day purpose country messages segments cost_thousandths",
    "text_message": f"{_WORK} purpose created_at",
    "transfer": "id case_id from_id to_id is_decision event_id asked_at answer answered_at"
    " answer_event_id names_id whose",
    "tree_head": "poll_id batch_no size pending roll_size root previous_head_hash signed_at signature"
    " is_final line peaks",
    "voice_note": "id name kind size seconds stands_for_words added_at written_at",
    "voter_roll": "poll_id on_paper",
    "ward": "id code name geometry population is_active version",
    "way_in": "name kind is_on address sealed_secret answers_url greeting version",
    "work_suspension": "id starts_at ends_at whole_days reason entered_at corrects_id",
    "wrap_up_code": "id code name ord is_active version",
}
"""Columns that say nothing of a person: of the city, of the work, of what has no owner."""


def columns() -> set[str]:
    return {f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns}


def documented() -> list[str]:
    found = ROW.findall(DOCUMENT.read_text())
    return [f"{table}.{name}" for table, names, *_rest in found for name in re.findall(r"`(\w+)`", names)]


def impersonal() -> set[str]:
    return {f"{table}.{name}" for table, names in IMPERSONAL.items() for name in names.split()}


@pytest.fixture(autouse=True)
def _models(tmp_path: Path) -> None:
    cps.create_app(config_for(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path))


def test_every_column_is_in_the_list_or_known_to_be_impersonal() -> None:
    assert sorted(columns() - set(documented()) - impersonal()) == []


def test_both_lists_name_only_columns_that_there_are() -> None:
    assert sorted((set(documented()) | impersonal()) - columns()) == []


def test_no_column_is_in_both_lists_or_in_one_twice() -> None:
    assert sorted(set(documented()) & impersonal()) == []
    assert len(documented()) == len(set(documented()))


def test_every_personal_column_has_purpose_reader_and_time() -> None:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]

    assert len(rows) == len(ROW.findall(DOCUMENT.read_text()))
    assert all(part.strip() for row in rows for part in row.strip("|").split("|"))


def test_a_column_that_names_an_account_is_personal() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "account.id" for key in column.foreign_keys)
    }

    assert named <= set(documented())
