"""A rule may be what another office decided, until somebody here confirms it (docs/decisions/043)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offices", "0004_standards_are_reviewed")]

    operations = [
        migrations.AlterField(
            model_name="standardrule",
            name="certainty",
            field=models.CharField(
                choices=[
                    ("stated", "Tertulis"),
                    ("inferred", "Disimpulkan"),
                    ("default", "Tidak disebut; nilai bawaan"),
                    ("decided", "Ditetapkan kantor"),
                    ("proposed", "Usulan dari kantor lain"),
                ],
                max_length=10,
            ),
        ),
    ]
