from django.db import migrations

from kaysis.common.turkish_sql import create_functions


class Migration(migrations.Migration):
    """Text with dashes and quotes takes the quick way, too. The results are the same as before."""

    dependencies = [("common", "0001_initial")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in create_functions()
    ]
