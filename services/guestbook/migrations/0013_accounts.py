import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("guestbook", "0012_known_with"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="visitor",
            name="account",
            field=models.ForeignKey(
                blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="records", to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consentwording",
            name="purpose",
            field=models.CharField(
                choices=[("guest_book", "Buku tamu"), ("account", "Akun daring")], default="guest_book",
                max_length=10, verbose_name="untuk",
            ),
        ),
        migrations.AlterField(
            model_name="consentwording", name="version", field=models.PositiveSmallIntegerField()
        ),
        migrations.AddConstraint(
            model_name="consentwording",
            constraint=models.UniqueConstraint(fields=("purpose", "version"), name="consent_wording_version"),
        ),
        migrations.AddIndex(
            model_name="visitor",
            index=models.Index(
                django.db.models.functions.text.Lower("email"), condition=models.Q(("email", ""), _negated=True),
                name="visitor_mailbox",
            ),
        ),
        migrations.AlterModelOptions(
            name="consentwording", options={"ordering": ["-purpose", "-version"]}
        ),
    ]
