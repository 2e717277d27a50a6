import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Either end of a GIAS link may be a school that is not imported."""

    dependencies = [("accounts", "0002_organisations_and_access")]

    operations = [
        migrations.RemoveConstraint(model_name="organisationlink", name="one_link_of_a_type"),
        migrations.AlterModelOptions(
            name="organisationlink",
            options={"ordering": ["urn", "established_on", "linked_urn"]},
        ),
        migrations.AddField(
            model_name="organisationlink",
            name="urn",
            field=models.PositiveIntegerField(verbose_name="URN", default=0),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="organisationlink",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="links",
                to="accounts.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationlink",
            constraint=models.UniqueConstraint(
                fields=("urn", "linked_urn", "link_type"), name="one_link_of_a_type"
            ),
        ),
        migrations.AddIndex(
            model_name="organisationlink",
            index=models.Index(fields=["linked_urn"], name="link_by_other_end"),
        ),
    ]
