import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Exclusion constraints compare plain columns beside ranges.
        BtreeGistExtension(),
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(max_length=30, verbose_name="yöntem")),
                ("reason", models.CharField(max_length=60, verbose_name="neden")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="zaman")),
                (
                    "ip_address",
                    models.GenericIPAddressField(blank=True, null=True, verbose_name="IP adresi"),
                ),
                (
                    "user_agent",
                    models.CharField(blank=True, max_length=400, verbose_name="tarayıcı"),
                ),
            ],
            options={
                "verbose_name": "başarısız giriş",
                "verbose_name_plural": "başarısız girişler",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="NationalIdAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("purpose", models.TextField(verbose_name="amaç")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="zaman")),
                (
                    "ip_address",
                    models.GenericIPAddressField(blank=True, null=True, verbose_name="IP adresi"),
                ),
                (
                    "request_id",
                    models.CharField(blank=True, max_length=64, verbose_name="istek kimliği"),
                ),
            ],
            options={
                "verbose_name": "kimlik numarası görüntüleme",
                "verbose_name_plural": "kimlik numarası görüntülemeleri",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="tür")),
                ("text", models.CharField(max_length=500, verbose_name="metin")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="adres")),
                ("key", models.CharField(blank=True, editable=False, max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="zaman")),
                (
                    "read_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="okunma zamanı"),
                ),
            ],
            options={
                "verbose_name": "bildirim",
                "verbose_name_plural": "bildirimler",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, verbose_name="kişi kimliği"
                    ),
                ),
                ("given_name", models.CharField(max_length=100, verbose_name="ad")),
                ("family_name", models.CharField(max_length=100, verbose_name="soyad")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-posta")),
                (
                    "mobile_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="cep telefonu"),
                ),
                (
                    "work_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="iş telefonu"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="etkin")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Yönetim sayfalarını görebilir.",
                        verbose_name="sistem işletmeni",
                    ),
                ),
                (
                    "is_demo",
                    models.BooleanField(default=False, editable=False, verbose_name="örnek kişi"),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="kayıt zamanı"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("central_administrator", "Merkez yöneticisi"),
                            ("detsis_officer", "DETSİS yetkilisi"),
                            ("iyem_authorised", "İYEM Yetkilisi"),
                            ("iyem_registrar", "İYEM Görevlisi"),
                            ("service_editor", "Hizmet kayıt görevlisi"),
                            ("service_approver", "Hizmet onay yetkilisi"),
                            ("legislation_editor", "Mevzuat kayıt görevlisi"),
                            ("document_editor", "Belge kayıt görevlisi"),
                            ("file_plan_editor", "Dosya planı görevlisi"),
                            ("analyst", "Analist"),
                        ],
                        max_length=30,
                        verbose_name="yetki",
                    ),
                ),
                (
                    "scope_detsis_no",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Yetkinin geçerli olduğu birimin numarası; alt birimlerini de kapsar.",
                        null=True,
                        verbose_name="kapsam",
                    ),
                ),
                (
                    "validity",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        verbose_name="geçerlilik"
                    ),
                ),
                (
                    "granted_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="verilme zamanı"),
                ),
                ("grant_reason", models.TextField(verbose_name="veriliş gerekçesi")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="kaldırılma zamanı"),
                ),
                (
                    "revoke_reason",
                    models.TextField(blank=True, verbose_name="kaldırılma gerekçesi"),
                ),
            ],
            options={
                "verbose_name": "verilmiş yetki",
                "verbose_name_plural": "verilmiş yetkiler",
                "ordering": ["-granted_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RoleGrantEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("central_administrator", "Merkez yöneticisi"),
                            ("detsis_officer", "DETSİS yetkilisi"),
                            ("iyem_authorised", "İYEM Yetkilisi"),
                            ("iyem_registrar", "İYEM Görevlisi"),
                            ("service_editor", "Hizmet kayıt görevlisi"),
                            ("service_approver", "Hizmet onay yetkilisi"),
                            ("legislation_editor", "Mevzuat kayıt görevlisi"),
                            ("document_editor", "Belge kayıt görevlisi"),
                            ("file_plan_editor", "Dosya planı görevlisi"),
                            ("analyst", "Analist"),
                        ],
                        max_length=30,
                        verbose_name="yetki",
                    ),
                ),
                (
                    "scope_detsis_no",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Yetkinin geçerli olduğu birimin numarası; alt birimlerini de kapsar.",
                        null=True,
                        verbose_name="kapsam",
                    ),
                ),
                (
                    "validity",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        verbose_name="geçerlilik"
                    ),
                ),
                (
                    "granted_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="verilme zamanı"),
                ),
                ("grant_reason", models.TextField(verbose_name="veriliş gerekçesi")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="kaldırılma zamanı"),
                ),
                (
                    "revoke_reason",
                    models.TextField(blank=True, verbose_name="kaldırılma gerekçesi"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("method", models.CharField(max_length=30, verbose_name="yöntem")),
                ("started_at", models.DateTimeField(verbose_name="başlangıç")),
                ("last_seen_at", models.DateTimeField(verbose_name="son işlem")),
                (
                    "ip_address",
                    models.GenericIPAddressField(blank=True, null=True, verbose_name="IP adresi"),
                ),
                (
                    "user_agent",
                    models.CharField(blank=True, max_length=400, verbose_name="tarayıcı"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="bitiş")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sign_out", "Çıkış yapıldı"),
                            ("idle", "Uzun süre işlem yapılmadı"),
                            ("too_old", "Oturum süresi doldu"),
                            ("ended_elsewhere", "Başka bir oturumdan sonlandırıldı"),
                            ("revoked", "Yetki değişikliği nedeniyle sonlandırıldı"),
                            ("replaced", "Aynı tarayıcıda yeniden giriş yapıldı"),
                        ],
                        max_length=20,
                        verbose_name="bitiş nedeni",
                    ),
                ),
            ],
            options={
                "verbose_name": "oturum",
                "verbose_name_plural": "oturumlar",
                "ordering": ["-started_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="kişi kimliği"
                    ),
                ),
                ("given_name", models.CharField(max_length=100, verbose_name="ad")),
                ("family_name", models.CharField(max_length=100, verbose_name="soyad")),
                (
                    "national_id_encrypted",
                    models.BinaryField(verbose_name="şifreli T.C. kimlik numarası"),
                ),
                (
                    "national_id_hash",
                    models.CharField(
                        editable=False,
                        error_messages={
                            "unique": "Bu T.C. kimlik numarasıyla kayıtlı bir kişi zaten var."
                        },
                        max_length=64,
                        unique=True,
                        verbose_name="T.C. kimlik numarasının özeti",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-posta")),
                (
                    "mobile_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="cep telefonu"),
                ),
                (
                    "work_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="iş telefonu"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="etkin")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Yönetim sayfalarını görebilir.",
                        verbose_name="sistem işletmeni",
                    ),
                ),
                (
                    "is_demo",
                    models.BooleanField(default=False, editable=False, verbose_name="örnek kişi"),
                ),
                (
                    "session_epoch",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="Artırıldığında kişinin açık bütün oturumları geçersiz olur.",
                        verbose_name="oturum dönemi",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="kayıt zamanı"),
                ),
            ],
            options={
                "verbose_name": "kişi",
                "verbose_name_plural": "kişiler",
                "ordering": ["family_name", "given_name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_name", ""), _negated=True),
                            models.Q(("family_name", ""), _negated=True),
                        ),
                        name="person_has_a_name",
                        violation_error_message="Ad ve soyad boş olamaz.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_personevent" ("created_at", "email", "family_name", "given_name", "id", "is_active", "is_demo", "is_staff", "mobile_phone", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "work_phone") VALUES (NEW."created_at", NEW."email", NEW."family_name", NEW."given_name", NEW."id", NEW."is_active", NEW."is_demo", NEW."is_staff", NEW."mobile_phone", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."work_phone"); RETURN NULL;',
                    hash="4d8680209e038ddc4c4e3135d00aa873a3cd6666",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6b541",
                    table="accounts_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."family_name" IS DISTINCT FROM (NEW."family_name") OR OLD."given_name" IS DISTINCT FROM (NEW."given_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_demo" IS DISTINCT FROM (NEW."is_demo") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."mobile_phone" IS DISTINCT FROM (NEW."mobile_phone") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."work_phone" IS DISTINCT FROM (NEW."work_phone"))',
                    func='INSERT INTO "accounts_personevent" ("created_at", "email", "family_name", "given_name", "id", "is_active", "is_demo", "is_staff", "mobile_phone", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "work_phone") VALUES (NEW."created_at", NEW."email", NEW."family_name", NEW."given_name", NEW."id", NEW."is_active", NEW."is_demo", NEW."is_staff", NEW."mobile_phone", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."work_phone"); RETURN NULL;',
                    hash="f3ce9bea4269f5b028d7abcdaad9a5e87953168d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_70819",
                    table="accounts_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_personevent" ("created_at", "email", "family_name", "given_name", "id", "is_active", "is_demo", "is_staff", "mobile_phone", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "work_phone") VALUES (OLD."created_at", OLD."email", OLD."family_name", OLD."given_name", OLD."id", OLD."is_active", OLD."is_demo", OLD."is_staff", OLD."mobile_phone", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."work_phone"); RETURN NULL;',
                    hash="c5734664b0e100eb29cda6b1e4d1a0f10726e8b3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_18acd",
                    table="accounts_person",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="failedsignin",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kişi",
            ),
        ),
        migrations.AddField(
            model_name="nationalidaccess",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="gören",
            ),
        ),
        migrations.AddField(
            model_name="nationalidaccess",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="national_id_accesses",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kişi",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kişi",
            ),
        ),
        migrations.AddField(
            model_name="personevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="granted_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Boşsa yetki kurulum sırasında komutla verilmiştir.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="veren",
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kişi",
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kaldıran",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="granted_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="Boşsa yetki kurulum sırasında komutla verilmiştir.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="veren",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kişi",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="accounts.rolegrant",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kaldıran",
            ),
        ),
        migrations.AddField(
            model_name="signin",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sign_ins",
                to=settings.AUTH_USER_MODEL,
                verbose_name="kişi",
            ),
        ),
        migrations.AddIndex(
            model_name="failedsignin",
            index=models.Index(fields=["person", "-at"], name="failed_signin_person"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="failedsignin",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'TRUNCATE'\n       AND current_setting('kaysis.maintenance', true) = 'on'\n       AND pg_has_role(\n           current_user,\n           (SELECT datdba FROM pg_database WHERE datname = current_database()),\n           'USAGE'\n       )\n    THEN\n        RETURN NULL;\n    END IF;\n    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="83d8bc78fba466c83ec88cd5259f0d700354e08f",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_3988f",
                    table="accounts_failedsignin",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="nationalidaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose", ""), _negated=True),
                name="national_id_access_has_a_purpose",
                violation_error_message="Kimlik numarasının neden görüntülendiği yazılmalıdır.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nationalidaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'TRUNCATE'\n       AND current_setting('kaysis.maintenance', true) = 'on'\n       AND pg_has_role(\n           current_user,\n           (SELECT datdba FROM pg_database WHERE datname = current_database()),\n           'USAGE'\n       )\n    THEN\n        RETURN NULL;\n    END IF;\n    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="d0fb68e23ee1c1ee62e154f4a5c89ed9b008d496",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_f8d5a",
                    table="accounts_nationalidaccess",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                fields=["person", "-created_at"], name="notification_person_created"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["person"],
                name="notification_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("person", "key"),
                name="notification_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("url", ""),
                    models.Q(
                        ("url__startswith", "/"), models.Q(("url__startswith", "//"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="notification_url_is_local",
                violation_error_message="Bildirimin adresi bu sitede olmalıdır.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'TRUNCATE'\n       AND current_setting('kaysis.maintenance', true) = 'on'\n       AND pg_has_role(\n           current_user,\n           (SELECT datdba FROM pg_database WHERE datname = current_database()),\n           'USAGE'\n       )\n    THEN\n        RETURN NULL;\n    END IF;\n    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="c3318549e0be21a56fd5f40b60b5d34b43dcfdcb",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_ba890",
                    table="accounts_personevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="rolegrant",
            index=models.Index(fields=["role", "scope_detsis_no"], name="grant_role_scope"),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.F("person"), "="),
                    (models.F("role"), "="),
                    (
                        django.db.models.functions.comparison.Coalesce(
                            models.F("scope_detsis_no"), 0
                        ),
                        "=",
                    ),
                    (models.F("validity"), "&&"),
                ],
                name="grant_no_overlap",
                violation_error_message="Bu kişide aynı kapsamda aynı yetki, seçilen zaman aralığında zaten var.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "central_administrator",
                            "detsis_officer",
                            "iyem_authorised",
                            "iyem_registrar",
                            "service_editor",
                            "service_approver",
                            "legislation_editor",
                            "document_editor",
                            "file_plan_editor",
                            "analyst",
                        ],
                    )
                ),
                name="grant_role_known",
                violation_error_message="Böyle bir yetki yok.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("role__in", ("central_administrator",)), ("scope_detsis_no__isnull", True)
                    ),
                    models.Q(
                        ("role__in", ("detsis_officer", "iyem_authorised", "iyem_registrar")),
                        ("scope_detsis_no__isnull", False),
                    ),
                    models.Q(
                        (
                            "role__in",
                            [
                                "central_administrator",
                                "detsis_officer",
                                "iyem_authorised",
                                "iyem_registrar",
                            ],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="grant_scope_fits_role",
                violation_error_message="Merkez yöneticisi yetkisi bütün devleti kapsar; DETSİS ve İYEM yetkileri ise bir birim için verilir.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope_detsis_no__isnull", True),
                    ("scope_detsis_no__range", (10000000, 99999999)),
                    _connector="OR",
                ),
                name="grant_scope_is_a_unit_number",
                violation_error_message="Devlet teşkilatı numarası 8 rakamdan oluşur.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revoked_at__isnull", False),
                    models.Q(("validity__isempty", False), ("validity__startswith__isnull", False)),
                    _connector="OR",
                ),
                name="grant_validity_has_a_start",
                violation_error_message="Yetkinin başlangıcı bitişinden önce olmalıdır.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("grant_reason", ""), _negated=True),
                name="grant_has_a_reason",
                violation_error_message="Yetkinin veriliş gerekçesi yazılmalıdır.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("revoke_reason", ""),
                        ("revoked_at__isnull", True),
                        ("revoked_by__isnull", True),
                    ),
                    models.Q(
                        ("revoked_at__isnull", False),
                        ("revoked_by__isnull", False),
                        models.Q(("revoke_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="grant_revocation_complete",
                violation_error_message="Kaldırılan yetkide kaldıran ve gerekçe bulunmalıdır.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_rolegrantevent" ("grant_reason", "granted_at", "granted_by_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoke_reason", "revoked_at", "revoked_by_id", "role", "scope_detsis_no", "validity") VALUES (NEW."grant_reason", NEW."granted_at", NEW."granted_by_id", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."revoke_reason", NEW."revoked_at", NEW."revoked_by_id", NEW."role", NEW."scope_detsis_no", NEW."validity"); RETURN NULL;',
                    hash="aee6d4203d8063dcd8eaf89869caf5c3b0a8760d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_77ca7",
                    table="accounts_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_rolegrantevent" ("grant_reason", "granted_at", "granted_by_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoke_reason", "revoked_at", "revoked_by_id", "role", "scope_detsis_no", "validity") VALUES (NEW."grant_reason", NEW."granted_at", NEW."granted_by_id", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."revoke_reason", NEW."revoked_at", NEW."revoked_by_id", NEW."role", NEW."scope_detsis_no", NEW."validity"); RETURN NULL;',
                    hash="ec716aae349c7f1c15eb7b0c7e131dbe36f1f899",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f0e9e",
                    table="accounts_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_rolegrantevent" ("grant_reason", "granted_at", "granted_by_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoke_reason", "revoked_at", "revoked_by_id", "role", "scope_detsis_no", "validity") VALUES (OLD."grant_reason", OLD."granted_at", OLD."granted_by_id", OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."revoke_reason", OLD."revoked_at", OLD."revoked_by_id", OLD."role", OLD."scope_detsis_no", OLD."validity"); RETURN NULL;',
                    hash="992a735e466f149a015910e1e473433933d916e1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d0e1f",
                    table="accounts_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrantevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'TRUNCATE'\n       AND current_setting('kaysis.maintenance', true) = 'on'\n       AND pg_has_role(\n           current_user,\n           (SELECT datdba FROM pg_database WHERE datname = current_database()),\n           'USAGE'\n       )\n    THEN\n        RETURN NULL;\n    END IF;\n    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="29d6b600ab0bd2a5d121af2871c8ef72968994e3",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_0af7e",
                    table="accounts_rolegrantevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="signin",
            index=models.Index(fields=["person", "-started_at"], name="signin_person_started"),
        ),
        migrations.AddIndex(
            model_name="signin",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["person"],
                name="signin_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                    models.Q(
                        ("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="signin_end_complete",
                violation_error_message="Biten oturumun nedeni bulunmalıdır.",
            ),
        ),
    ]
