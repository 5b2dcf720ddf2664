import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import kaysis.common.functions


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        # Folding and the sort key are its SQL functions.
        ("common", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="person",
            options={
                "ordering": ["name_sort", "id"],
                "verbose_name": "kişi",
                "verbose_name_plural": "kişiler",
            },
        ),
        migrations.AddField(
            model_name="person",
            name="name_folded",
            field=models.GeneratedField(
                db_persist=True,
                expression=kaysis.common.functions.Fold(
                    django.db.models.functions.text.Concat(
                        "given_name", models.Value(" "), "family_name"
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="name_sort",
            field=models.GeneratedField(
                db_persist=True,
                expression=kaysis.common.functions.SortKey(
                    django.db.models.functions.text.Concat(
                        "family_name", models.Value(" "), "given_name"
                    )
                ),
                output_field=models.TextField(db_collation="C"),
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_folded"], name="person_name_trigrams", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["name_sort", "id"], name="person_name_sort"),
        ),
    ]
