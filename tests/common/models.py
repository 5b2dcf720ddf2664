"""Tables that only the tests of the common layer have."""

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from kaysis.common.validity import ValidityQuerySet, no_overlap, proper_range


class Post(models.Model):
    """Something that holds one value at a time, by the day."""

    room = models.IntegerField()
    holder = models.CharField(max_length=40, blank=True)
    validity = DateRangeField()

    objects = ValidityQuerySet.as_manager()

    class Meta:
        app_label = "common_tests"
        constraints = [
            no_overlap("post_one_at_a_time", fields=["room"]),
            proper_range("post_range"),
        ]

    def __str__(self):
        return f"{self.room} {self.validity}"


class Shift(models.Model):
    """The same, by the moment."""

    room = models.IntegerField()
    during = DateTimeRangeField()

    class Shifts(ValidityQuerySet):
        validity_field = "during"

    objects = Shifts.as_manager()

    class Meta:
        app_label = "common_tests"
        constraints = [
            no_overlap("shift_one_at_a_time", fields=["room"], range_field="during"),
            proper_range("shift_range", range_field="during", open_start=True),
        ]

    def __str__(self):
        return f"{self.room} {self.during}"


class Thing(models.Model):
    """Has a number, a name, and constraints of every kind."""

    number = models.BigIntegerField(unique=True, null=True)
    name = models.CharField("ad", max_length=60, blank=True)
    size = models.IntegerField("boy", default=0)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    created_on = models.DateField(null=True)

    class Meta:
        app_label = "common_tests"
        constraints = [
            models.CheckConstraint(
                name="thing_size",
                condition=Q(size__gte=0),
                violation_error_message="Boy eksi olamaz.",
            ),
            models.CheckConstraint(
                name="thing_number_size",
                condition=Q(number__isnull=True) | Q(number__gt=F("size")),
                violation_error_message="Numara boydan büyük olmalıdır.",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=~Q(name=""),
                name="thing_name_once",
                violation_error_message="Bu ad kullanılmış.",
            ),
        ]

    def __str__(self):
        return self.name


ALL = (Post, Shift, Thing)
