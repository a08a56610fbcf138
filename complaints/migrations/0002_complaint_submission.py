from django.db import migrations, models


class Migration(migrations.Migration):
    """The form's key with its text, hashed; older complaints get a random one."""

    dependencies = [("complaints", "0001_initial")]

    operations = [
        migrations.AddField("complaint", "submission", models.CharField(max_length=64, default="")),
        migrations.RunSQL(
            "UPDATE complaints_complaint SET submission = md5(id::text || random()::text)",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("complaint", "submission", models.CharField(max_length=64, unique=True)),
    ]
