from django.db import migrations, models


class Migration(migrations.Migration):
    """What was answered at each step, also when a later answer replaces it."""

    dependencies = [("complaints", "0002_complaint_submission")]

    operations = [migrations.AddField("complaintstep", "reply", models.TextField(blank=True, default=""))]
