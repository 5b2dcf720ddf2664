"""What appointments and absences share: states in two times.

A row says: from `known.lower` on (and until it was superseded, `known.upper`) the register held
that something was so during `validity`. To change it, `known` is closed and another row is
written. Nothing else of a row ever changes, so that the register can be asked what it answered at
any earlier moment. What was withdrawn has an empty `validity`.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Only `known` may be closed, once; a row that says otherwise is refused by the database.
_SUPERSEDED_ONLY = """
    IF upper_inf(OLD.known) AND NOT upper_inf(NEW.known)
        AND to_jsonb(OLD) - 'known' = to_jsonb(NEW) - 'known'
        AND (isempty(NEW.known) OR lower(NEW.known) = lower(OLD.known))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a recorded state is superseded, never altered'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'iyem_state_kept';
"""


def kept_triggers() -> list[pgtrigger.Trigger]:
    """For the Meta of each kind of state."""
    return [
        pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        pgtrigger.Trigger(
            name="superseded_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func=_SUPERSEDED_ONLY,
        ),
    ]


class StateQuerySet(models.QuerySet):
    def current(self) -> StateQuerySet:
        """What the register holds now."""
        return self.filter(known__upper_inf=True)

    def known_at(self, moment: object) -> StateQuerySet:
        """What it held at `moment` (aware)."""
        return self.filter(known__contains=moment)

    def valid_at(self, moment: object) -> StateQuerySet:
        """What is so at `moment` (aware)."""
        return self.filter(validity__contains=moment)

    def ahead_of(self, moment: object) -> StateQuerySet:
        """What is so at `moment` (aware) or will be so later."""
        return self.filter(Q(validity__upper_inf=True) | Q(validity__endswith__gt=moment))

    def overlapping(self, validity: object) -> StateQuerySet:
        return self.filter(validity__overlap=validity)


class State(models.Model):
    validity = DateTimeRangeField(_("geçerlilik"), default_bounds="[)")
    known = DateTimeRangeField(_("kayıtta kaldığı süre"), default_bounds="[)")
    reason = models.CharField(_("gerekçe"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kaydeden"),
    )
    # Keys as in `accounts.audit.context`: ip, request_id, source.
    origin = models.JSONField(_("nereden"), default=dict, blank=True)

    objects = StateQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def withdrawn(self) -> bool:
        return bool(self.validity.isempty)


def range_constraints(prefix: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            name=f"{prefix}_validity",
            condition=Q(validity__isempty=True) | Q(validity__lower_inf=False),
            violation_error_message=_("Başlangıç zamanı girilmelidir."),
        ),
    ]


# --- Rules across rows, checked by the database at the end of the transaction --------------------

# One function for both tables. `a` is an appointment whose state, or whose absences, changed: it
# and those who stand for it are looked at. The messages are in `iyem.constraints`.
CHECK_PROXIES = """
CREATE OR REPLACE FUNCTION iyem_check_proxies(a bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE s record; broken text;
BEGIN
    FOR s IN
        SELECT st.*, ap.represents_id, h.validity AS held, h.kind AS held_as,
            h.manager_id AS holder, h.post_id AS held_post
        FROM iyem_appointmentstate st
        JOIN iyem_appointment ap ON ap.id = st.appointment_id
        LEFT JOIN iyem_appointmentstate h
            ON h.appointment_id = ap.represents_id AND upper_inf(h.known)
        WHERE (ap.id = a OR ap.represents_id = a)
            AND upper_inf(st.known) AND NOT isempty(st.validity) AND st.slot <> 'holder'
    LOOP
        broken := CASE
            WHEN s.represents_id IS NOT NULL AND (
                s.held IS NULL OR NOT s.held @> s.validity OR s.held_as <> 'substantive'
                OR s.held_post <> s.post_id) THEN 'iyem_proxy_within_term'
            WHEN s.holder = s.manager_id THEN 'iyem_not_own_proxy'
            WHEN s.kind = 'acting_filled' AND NOT coalesce((
                SELECT range_agg(b.validity) FROM iyem_absencestate b
                WHERE b.appointment_id = s.represents_id AND upper_inf(b.known)
                    AND NOT isempty(b.validity)) @> s.validity, false)
                THEN 'iyem_proxy_within_absence'
            WHEN EXISTS (
                SELECT 1 FROM iyem_absencestate b
                WHERE b.manager_id = s.manager_id AND upper_inf(b.known)
                    AND b.validity && s.validity) THEN 'iyem_proxy_is_present'
            WHEN s.kind = 'delegated' AND EXISTS (
                SELECT 1 FROM iyem_appointmentstate d
                JOIN iyem_appointment da ON da.id = d.appointment_id
                JOIN iyem_appointment dr ON dr.id = da.represents_id
                WHERE d.kind = 'delegated' AND upper_inf(d.known)
                    AND d.manager_id = s.holder AND dr.manager_id = s.manager_id
                    AND d.validity && s.validity) THEN 'iyem_no_circle'
        END;
        IF broken IS NOT NULL THEN
            RAISE EXCEPTION 'appointment % breaks %', s.appointment_id, broken
                USING ERRCODE = 'check_violation', CONSTRAINT = broken;
        END IF;
    END LOOP;
END $$;
"""
