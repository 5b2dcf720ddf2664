from django.db import migrations


class Migration(migrations.Migration):
    """Units are found by the instrument that founds them, on every instrument's page."""

    dependencies = [("kms", "0001_initial"), ("detsis", "0003_quality")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX kms_unit_founding ON detsis_unit"
            " USING gin (founding_legislation jsonb_path_ops)",
            "DROP INDEX kms_unit_founding",
        )
    ]
