from django.db import migrations

from kaysis.search.statement import CREATE_COUNT_FUNCTION, DROP_COUNT_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("search", "0002_find")]
    operations = [migrations.RunSQL(CREATE_COUNT_FUNCTION, DROP_COUNT_FUNCTION)]
