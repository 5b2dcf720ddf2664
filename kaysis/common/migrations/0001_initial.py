"""Extensions that constraints and search need, and the SQL functions of Turkish text.

Both extensions are trusted: the owner of the database may create them without being superuser. The
operations do nothing when an administrator has created them before.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

from kaysis.common.turkish_sql import create_functions, drop_functions


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(create_functions(), drop_functions()),
    ]
