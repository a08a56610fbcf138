import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('digest', models.CharField(max_length=64)),
                ('pdf', models.BinaryField()),
                ('published', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='surveys.published')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('published', 'language'), name='one_survey_report_in_a_language')],
            },
        ),
    ]
