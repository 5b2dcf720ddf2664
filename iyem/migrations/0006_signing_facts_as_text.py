from django.db import migrations, models

from iyem.facts_sql import DROP_SIGNING_FACTS, SIGNING_FACTS


class Migration(migrations.Migration):
    """The function of 0003 once more: it returns something else now, and keeps its plan."""

    dependencies = [
        ("iyem", "0005_contact_unrecorded"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="confirmation", name="iyem_confirmation_scope"),
        migrations.AddIndex(
            model_name="confirmation",
            index=models.Index(
                fields=["scope", "confirmed_at"], include=["reach"], name="iyem_confirmation_last"
            ),
        ),
        migrations.RunSQL(DROP_SIGNING_FACTS + SIGNING_FACTS, migrations.RunSQL.noop),
    ]
