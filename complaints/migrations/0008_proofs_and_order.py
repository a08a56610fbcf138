import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An action may have several proofs; messages stand in the order in which they were written."""

    dependencies = [("complaints", "0007_floods")]

    operations = [
        migrations.AlterModelOptions("message", {"ordering": ["id"]}),
        migrations.AddField(
            "attachment",
            "proves",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="proofs", to="complaints.action"
            ),
        ),
    ]
