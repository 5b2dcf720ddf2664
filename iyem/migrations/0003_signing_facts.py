from django.db import migrations

from iyem.facts_sql import DROP_SIGNING_FACTS, SIGNING_FACTS


class Migration(migrations.Migration):
    dependencies = [
        ("iyem", "0002_erasure_and_coverage"),
        ("detsis", "0004_found"),
    ]

    operations = [migrations.RunSQL(SIGNING_FACTS, DROP_SIGNING_FACTS)]
