from django.db import migrations

from kaysis.search.statement import CREATE_FUNCTION, DROP_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunSQL(CREATE_FUNCTION, DROP_FUNCTION)]
