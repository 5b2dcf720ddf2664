from django.db import migrations, models

from detsis.services.founding import CREATE_FUNCTION, DROP_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("detsis", "0003_quality")]
    operations = [
        migrations.RunSQL(CREATE_FUNCTION, DROP_FUNCTION),
        migrations.AddIndex(
            model_name="unitchange",
            index=models.Index(
                condition=models.Q(("kind", "registered"), _negated=True),
                fields=["id"],
                name="detsis_change_told",
            ),
        ),
    ]
