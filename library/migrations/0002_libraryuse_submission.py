from django.db import migrations, models


class Migration(migrations.Migration):
    """The form's key; older uses get a random one."""

    dependencies = [("library", "0001_initial")]

    operations = [
        migrations.AddField("libraryuse", "submission", models.CharField(max_length=40, default="")),
        migrations.RunSQL(
            "UPDATE library_libraryuse SET submission = md5(id::text || random()::text)",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("libraryuse", "submission", models.CharField(max_length=40)),
        migrations.AddConstraint(
            "libraryuse",
            models.UniqueConstraint(fields=["received", "submission"], name="one_use_per_submission"),
        ),
    ]
