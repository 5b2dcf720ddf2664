"""Who gets which answer at which address: a table of every address, role and status.

A new address must be listed here; what one may not see is 404, what one may not do is 403, and a
visitor is sent to the sign-in page.
"""

from http.cookies import SimpleCookie
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import addresses
from tests.addresses import NOBODY, State, make_state
from tests.factories.accounts import PersonFactory

# A visitor, a citizen, the officer of the ministry, an officer elsewhere, the centre.
ROLES = (NOBODY, "deniz", "ayse", "cem", "zeynep")


class Row(NamedTuple):
    """Statuses in the order of `ROLES`; POST is sent without data."""

    get: str
    post: str


# For everybody, and only to be read.
PUBLIC = Row("200 200 200 200 200", "405 405 405 405 405")
# For everybody who has signed in.
SIGNED_IN = Row("302 200 200 200 200", "302 405 405 405 405")
# For officers of DETSİS; for the central administrator, as a page, and as a form.
OFFICERS = Row("302 403 200 200 200", "302 403 405 405 405")
CENTRE = Row("302 403 403 403 200", "302 403 403 403 405")
CENTRE_FORM = Row("302 403 403 403 200", "302 403 403 403 422")
# A form about a unit of Ayşe's scope.
DESK_FORM = Row("302 403 200 403 200", "302 403 422 403 422")

TABLE: dict[str, Row] = {
    # --- the portal itself ---
    "common:home": PUBLIC,
    "common:about": PUBLIC,
    "common:accessibility": PUBLIC,
    "common:privacy": PUBLIC,
    "common:ready": PUBLIC,
    "common:alive": PUBLIC,
    # Only from the networks of METRICS_ALLOWED_NETWORKS, whoever asks; tests ask from 127.0.0.1.
    "common:metrics": PUBLIC,
    "common:preferences": Row("405 405 405 405 405", "302 302 302 302 302"),
    # Developers' pages, where DEVELOPER_PAGES is on.
    "common:styleguide": PUBLIC,
    "common:error-page": PUBLIC,
    "common:empty-page": PUBLIC,
    "common:empty-api": PUBLIC,
    # Operators only, who come from none of these roles (below).
    "admin:index": Row("302 302 302 302 302", "302 302 302 302 302"),
    "api-schema": PUBLIC,
    "api-docs": PUBLIC,
    # Without a grant and credentials: tests/iyem/test_api.py has them.
    "api-token": Row("405 405 405 405 405", "400 400 400 400 400"),
    # --- search ---
    "search:results": PUBLIC,
    "search:suggestions": PUBLIC,
    "search:opensearch": PUBLIC,
    "search:api": Row("400 400 400 400 400", "405 405 405 405 405"),
    # --- people ---
    "accounts:sign_in": Row("200 302 302 302 302", "405 405 405 405 405"),
    "accounts:demo_sign_in": Row("405 405 405 405 405", "404 404 404 404 404"),
    # Where no authority is trusted there is no e-imza (tests/accounts/methods/test_eimza.py).
    "accounts:eimza": Row("404 404 404 404 404", "404 404 404 404 404"),
    "accounts:eimza_challenge": Row("404 404 404 404 404", "405 405 405 405 405"),
    # Not connected here; tests/accounts/methods have them with their counterparts.
    "accounts:edevlet": Row("404 404 404 404 404", "405 405 405 405 405"),
    "accounts:edevlet_callback": Row("404 404 404 404 404", "405 405 405 405 405"),
    "accounts:mimza": Row("404 404 404 404 404", "404 404 404 404 404"),
    "accounts:mimza_confirm": Row("404 404 404 404 404", "404 404 404 404 404"),
    "accounts:sign_out": Row("405 405 405 405 405", "302 302 302 302 302"),
    "accounts:home": SIGNED_IN,
    "accounts:account": SIGNED_IN,
    "accounts:edit_contact": Row("302 200 200 200 200", "302 302 302 302 302"),
    "accounts:end_sign_in": Row("302 405 405 405 405", "302 302 302 302 302"),
    "accounts:end_other_sign_ins": Row("302 405 405 405 405", "302 302 302 302 302"),
    "accounts:notifications": SIGNED_IN,
    "accounts:read_all_notifications": Row("302 405 405 405 405", "302 302 302 302 302"),
    # Ayşe's own.
    "accounts:open_notification": Row("302 405 405 405 405", "302 404 302 404 404"),
    "accounts:grants": CENTRE,
    "accounts:grant": CENTRE,
    "accounts:revoke": CENTRE_FORM,
    "accounts:people": CENTRE_FORM,
    "accounts:register_person": CENTRE_FORM,
    "accounts:person": CENTRE_FORM,
    "accounts:grant_role": CENTRE_FORM,
    "accounts:set_active": CENTRE_FORM,
    # --- DETSİS, public ---
    "detsis:units": PUBLIC,
    "detsis:branch": PUBLIC,
    "detsis:roots": PUBLIC,
    "detsis:districts": PUBLIC,
    "detsis:provinces": PUBLIC,
    "detsis:province": PUBLIC,
    "detsis:changes": PUBLIC,
    "detsis:changes-atom": PUBLIC,
    "detsis:changes-json": PUBLIC,
    "detsis:compare": PUBLIC,
    "detsis:quality": PUBLIC,
    "detsis:quality-findings": PUBLIC,
    "detsis:successors": PUBLIC,
    "detsis:unit": PUBLIC,
    "detsis:chart": PUBLIC,
    "detsis:chart-svg": PUBLIC,
    "detsis:chart-pdf": PUBLIC,
    "detsis:letterhead": PUBLIC,
    "detsis:api-units": PUBLIC,
    "detsis:api-unit": PUBLIC,
    "detsis:api-unit-ancestors": PUBLIC,
    "detsis:api-unit-descendants": PUBLIC,
    "detsis:api-codes": PUBLIC,
    "detsis:api-changes": PUBLIC,
    # --- İYEM, public ---
    "iyem:verify": PUBLIC,
    "iyem:manager": PUBLIC,
    "iyem:api-signing-authority": Row("400 400 400 400 400", "415 415 415 415 415"),
    "iyem:api-manager": PUBLIC,
    # Writing needs a client's token, which a session is not.
    "iyem:api-appointments": Row("200 200 200 200 200", "401 401 401 401 401"),
    "iyem:api-appointment": PUBLIC,
    "iyem:api-appointment-end": Row("405 405 405 405 405", "401 401 401 401 401"),
    "iyem:manager-curriculum": PUBLIC,
    "iyem:manager-curriculum-file": PUBLIC,
    # --- İYEM, the officers' desk ---
    "iyem:work": OFFICERS,
    "iyem:desk-units": OFFICERS,
    "iyem:register": Row("302 403 200 200 200", "302 403 422 422 422"),
    "iyem:unit-options": OFFICERS,
    # What is looked for may be a national id, which is never in an address.
    "iyem:manager-options": Row("302 403 405 405 405", "302 403 200 200 200"),
    "iyem:desk-unit": Row("302 403 200 403 200", "302 403 405 405 405"),
    "iyem:proxy": DESK_FORM,
    "iyem:deputies": DESK_FORM,
    "iyem:open-deputy": Row("302 403 405 405 405", "302 403 302 403 302"),
    # The unit answers to no deputy.
    "iyem:unlink": Row("302 403 405 405 405", "302 403 404 404 404"),
    "iyem:end-appointment": DESK_FORM,
    "iyem:correct-appointment": DESK_FORM,
    "iyem:withdraw-appointment": DESK_FORM,
    "iyem:absence": DESK_FORM,
    "iyem:change-absence": DESK_FORM,
    "iyem:withdraw-absence": DESK_FORM,
    # Sending shows the national id, to those who register this manager.
    "iyem:desk-manager": Row("302 403 200 200 200", "302 403 422 403 422"),
    "iyem:bulk": Row("302 403 200 200 200", "302 403 422 422 422"),
    "iyem:bulk-template": OFFICERS,
    "iyem:bulk-check": Row("302 403 200 409 409", "302 403 422 409 409"),
    "iyem:bulk-report": Row("302 403 200 404 404", "302 403 405 405 405"),
    "iyem:lists": OFFICERS,
    # An officer confirms the own scope's list as a whole, not that of a unit in it.
    "iyem:confirm": Row("302 403 403 403 200", "302 403 403 403 422"),
    "iyem:legacy": OFFICERS,
    "iyem:restore-legacy": CENTRE_FORM,
    "iyem:curricula": OFFICERS,
    "iyem:curriculum": Row("302 403 200 404 200", "302 403 422 404 422"),
    "iyem:curriculum-file": Row("302 403 200 404 200", "302 403 405 405 405"),
    "iyem:withdraw-consent": Row("302 403 405 405 405", "302 403 302 404 302"),
    "iyem:submit-curriculum": DESK_FORM,
    # --- İYEM, authorisation; the Görevli and the application are of a place below Ayşe's ---
    "iyem:officers": OFFICERS,
    "iyem:short-places": OFFICERS,
    "iyem:revoke-officer": Row("302 403 200 404 200", "302 403 422 404 422"),
    "iyem:applications": OFFICERS,
    "iyem:decide": Row("302 403 405 405 405", "302 403 302 302 302"),
    "iyem:apply": Row("302 403 200 200 200", "302 403 422 422 422"),
    "iyem:application-places": OFFICERS,
    "iyem:applications-bulk": Row("302 403 200 200 200", "302 403 422 422 422"),
    "iyem:applications-template": OFFICERS,
    # Rows that Ayşe uploaded: nobody else finds them, whatever the role.
    "iyem:applications-check": Row("302 403 200 409 409", "302 403 422 409 409"),
    "iyem:applications-report": Row("302 403 200 404 404", "302 403 405 405 405"),
    "iyem:application": Row("302 403 200 404 200", "302 403 422 404 422"),
    "iyem:application-letter": Row("302 403 200 404 200", "302 403 405 405 405"),
    # --- İYEM, campaigns and coverage ---
    "iyem:campaigns": OFFICERS,
    "iyem:new-campaign": CENTRE_FORM,
    "iyem:campaign": OFFICERS,
    "iyem:edit-campaign": CENTRE_FORM,
    "iyem:campaign-missing": OFFICERS,
    "iyem:campaign-pdf": OFFICERS,
    "iyem:campaign-xlsx": OFFICERS,
    "iyem:coverage": OFFICERS,
    "iyem:coverage-provinces": CENTRE,
    "iyem:coverage-units": OFFICERS,
    "iyem:coverage-of": Row("302 403 200 404 200", "302 403 405 405 405"),
    # --- DETSİS, the officers' area; the file is a draft of Ayşe's ---
    "detsis:work": OFFICERS,
    # What is sent says in its address what happens to the unit.
    "detsis:propose": Row("302 403 200 403 200", "302 403 404 404 404"),
    "detsis:bulk": Row("302 403 200 200 200", "302 403 422 422 422"),
    "detsis:bulk-template": OFFICERS,
    # Rows that Ayşe uploaded: nobody else finds them, whatever the role.
    "detsis:bulk-check": Row("302 403 200 409 409", "302 403 302 409 409"),
    "detsis:bulk-report": Row("302 403 200 404 404", "302 403 405 405 405"),
    # Without the purpose of the search there is nothing to answer.
    "detsis:unit-options": Row("302 403 404 404 404", "302 403 405 405 405"),
    "detsis:decree": CENTRE_FORM,
    "detsis:change-set": Row("302 403 200 404 200", "302 403 405 405 405"),
    "detsis:edit-change-set": Row("302 403 200 404 200", "302 403 422 404 422"),
    "detsis:found": Row("302 403 200 404 200", "302 403 422 404 422"),
    "detsis:bulk-in-file": Row("302 403 200 404 200", "302 403 422 404 422"),
    "detsis:edit-item": Row("302 403 200 404 200", "302 403 422 404 422"),
    "detsis:change-set-step sun": Row("302 403 404 404 404", "302 403 302 404 302"),
    "detsis:change-set-step onayla": Row("302 403 404 404 404", "302 403 403 404 302"),
    "detsis:change-set-step iade": Row("302 403 200 404 200", "302 403 422 404 422"),
    "detsis:change-set-step ret": Row("302 403 200 404 200", "302 403 422 404 422"),
    "detsis:change-set-step geri-cek": Row("302 403 200 404 200", "302 403 422 404 422"),
    "detsis:change-set-step sil": Row("302 403 404 404 404", "302 403 302 404 302"),
    "detsis:void-change": CENTRE_FORM,
    "detsis:correct-change": CENTRE_FORM,
    "detsis:code-tables": CENTRE,
    "detsis:codes": CENTRE_FORM,
    "detsis:code": CENTRE_FORM,
    # --- KMS, public ---
    "kms:instruments": PUBLIC,
    "kms:search": PUBLIC,
    "kms:statistics": PUBLIC,
    "kms:statistics-pdf": PUBLIC,
    "kms:references": PUBLIC,
    "kms:violations": PUBLIC,
    "kms:atom": PUBLIC,
    "kms:json-feed": PUBLIC,
    "kms:instrument": PUBLIC,
    "kms:amendments": PUBLIC,
    "kms:relations": PUBLIC,
    "kms:compare": PUBLIC,
    "kms:graph": PUBLIC,
    "kms:graph-svg": PUBLIC,
    "kms:impact": PUBLIC,
    "kms:print": PUBLIC,
    "kms:pdf": PUBLIC,
    "kms:plain": PUBLIC,
    "kms:json": PUBLIC,
    "kms:akn": PUBLIC,
    "kms:api-instruments": PUBLIC,
    "kms:api-instrument": PUBLIC,
    "kms:api-instrument-relations": PUBLIC,
    "kms:cite": Row("302 302 302 302 302", "405 405 405 405 405"),
    "kms:eli": Row("302 302 302 302 302", "405 405 405 405 405"),
    "kms:eli-day": Row("302 302 302 302 302", "405 405 405 405 405"),
    # --- KMS, the editors' area: none of these officers keeps legislation ---
    "kms:work": CENTRE,
    "kms:new": CENTRE_FORM,
    "kms:manage": CENTRE,
    "kms:edit": CENTRE_FORM,
    "kms:new-text": CENTRE_FORM,
    "kms:bulk-relations": CENTRE_FORM,
    "kms:text": CENTRE_FORM,
    "kms:edit-text": CENTRE_FORM,
    "kms:text-step sun": Row("302 403 403 403 404", "302 403 403 403 302"),
    "kms:text-step yayimla": Row("302 403 403 403 404", "302 403 403 403 302"),
    "kms:text-step iade": CENTRE_FORM,
    "kms:undo-relation": CENTRE_FORM,
}
# A visitor is redirected from these, too, but not to sign in.
ELSEWHERE = {"accounts:sign_out", "common:preferences", "kms:cite", "kms:eli", "kms:eli-day"}
SIGN_IN = ("/giris/?next=", "/yonetim/login/?next=")


def test_every_address_is_listed_and_every_listed_one_exists() -> None:
    listed = {name.split()[0] for name in TABLE}
    assert addresses.names() - listed == set()
    assert listed - addresses.names() == set()


@pytest.mark.django_db
def test_everybody_gets_the_answer_that_is_theirs() -> None:
    state = make_state()
    cookies = {who: state.client(who).cookies for who in ROLES}
    wrong = []
    for name, row in TABLE.items():
        for method, expected in (("get", row.get), ("post", row.post)):
            for who, status in zip(ROLES, expected.split(), strict=True):
                said, where = ask(state, name, method, cookies[who])
                if said != int(status):
                    wrong.append(f"{method} {name}: {who} should get {status}, got {said}")
                elif who == NOBODY and said == 302 and name not in ELSEWHERE:
                    assert where.startswith(SIGN_IN), f"{name} sends visitors to {where}"
    assert wrong == []


def ask(state: State, name: str, method: str, cookies: SimpleCookie) -> tuple[int, str]:
    """Status and Location of an answer; what the request changed is taken back."""
    client = Client()
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    with transaction.atomic():
        response = getattr(client, method)(state.url(name))
        transaction.set_rollback(True)
    return response.status_code, response.get("Location", "")


@pytest.mark.django_db
def test_operators_read_the_admin_and_nobody_else_does(client: Client) -> None:
    client.force_login(PersonFactory())
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    client.force_login(PersonFactory(is_staff=True))
    assert client.get(reverse("admin:index")).status_code == 200
