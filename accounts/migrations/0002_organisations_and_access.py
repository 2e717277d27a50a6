import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='LocalArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('code', models.CharField(max_length=3, unique=True, verbose_name='local authority code')),
                ('product_name', models.CharField(help_text='What the site calls itself, such as “Merrowdale SEND Learning”.', max_length=100)),
                ('brand', models.CharField(default='#1b5e4b', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write a colour as # and six hexadecimal digits.')])),
                ('brand_ink', models.CharField(default='#ffffff', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write a colour as # and six hexadecimal digits.')])),
                ('tint', models.CharField(default='#f7f5f0', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write a colour as # and six hexadecimal digits.')])),
                ('contact_email', models.EmailField(blank=True, max_length=254)),
                ('safeguarding_contact', models.TextField(blank=True, help_text='Shown under “Worried about a child?”: who to call, day and night.')),
                ('team_of_one', models.BooleanField(default=False, help_text='One person may both upload and approve a package, because nobody else can.')),
                ('suppression_threshold', models.PositiveSmallIntegerField(default=5)),
                ('collection', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.collection')),
                ('editors', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group')),
                ('reviewers', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group')),
                ('site', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.site')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.UUIDField(blank=True, null=True)),
                ('verb', models.CharField(max_length=80)),
                ('object_type', models.CharField(blank=True, max_length=80)),
                ('object_id', models.CharField(blank=True, max_length=64)),
                ('subject', models.UUIDField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('data', models.JSONField(blank=True, default=dict)),
                ('local_area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.localarea')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('school', 'School'), ('special_school', 'Special school'), ('nursery_school', 'Nursery school'), ('pru', 'Pupil referral unit'), ('alternative_provision', 'Alternative provision'), ('college', 'College'), ('childrens_centre', "Children's centre"), ('pvi_nursery', 'Private or voluntary nursery'), ('childminder', 'Childminder'), ('family_hub', 'Family hub'), ('local_authority', 'Local authority'), ('la_team', 'Local authority service team'), ('social_care_team', 'Social care team'), ('nhs_provider', 'NHS provider'), ('icb', 'Integrated care board'), ('voluntary', 'Voluntary or community organisation'), ('parent_carer_forum', 'Parent carer forum'), ('trust', 'Multi-academy trust'), ('governing_board', 'Governing board'), ('supply_agency', 'Supply agency'), ('other', 'Other')], max_length=30)),
                ('urn', models.PositiveIntegerField(blank=True, null=True, unique=True, verbose_name='URN')),
                ('la_code', models.CharField(blank=True, max_length=3, verbose_name='local authority code')),
                ('establishment_number', models.CharField(blank=True, max_length=4)),
                ('gias_type', models.CharField(blank=True, max_length=100, verbose_name='GIAS establishment type')),
                ('phase', models.CharField(choices=[('not_applicable', 'Not applicable'), ('nursery', 'Nursery'), ('primary', 'Primary'), ('middle_primary', 'Middle deemed primary'), ('secondary', 'Secondary'), ('middle_secondary', 'Middle deemed secondary'), ('post_16', '16 plus'), ('all_through', 'All-through')], default='not_applicable', max_length=20)),
                ('status', models.CharField(choices=[('proposed', 'Proposed to open'), ('open', 'Open'), ('closing', 'Open, but proposed to close'), ('closed', 'Closed')], default='open', max_length=10)),
                ('ward', models.CharField(blank=True, max_length=100)),
                ('postcode', models.CharField(blank=True, max_length=8)),
                ('opened_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('pupils', models.PositiveIntegerField(blank=True, null=True)),
                ('local_area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='accounts.localarea')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='accounts.organisation')),
                ('trust', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='academies', to='accounts.organisation')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalRoleGrant',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('role', models.CharField(choices=[('setting_lead', 'Setting lead'), ('team_manager', 'Team manager'), ('training_admin', 'Training administrator'), ('reviewer', 'Resource reviewer'), ('steward', 'Steward of the local area'), ('evaluator', 'Evaluator'), ('director', 'Director'), ('system_admin', 'System administrator'), ('auditor', 'Auditor')], max_length=20)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('granted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('local_area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.localarea')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'historical role grant',
                'verbose_name_plural': 'historical role grants',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPost',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('job_role', models.CharField(choices=[('headteacher', 'Headteacher'), ('senco', 'SENCO'), ('teacher', 'Teacher'), ('teaching_assistant', 'Teaching assistant'), ('elsa', 'Emotional literacy support assistant'), ('dsl', 'Designated safeguarding lead'), ('mental_health_lead', 'Senior mental health lead'), ('midday_supervisor', 'Midday supervisor'), ('school_office', 'School office and site staff'), ('ey_practitioner', 'Early years practitioner'), ('childminder', 'Childminder'), ('social_worker', 'Social worker'), ('social_care_manager', 'Social care team manager'), ('family_support', 'Family support worker'), ('educational_psychologist', 'Educational psychologist'), ('emhp', 'Mental health practitioner'), ('therapist', 'Therapist'), ('la_officer', 'Local authority officer'), ('senior_leader', 'Senior leader'), ('volunteer', 'Volunteer'), ('governor', 'Governor'), ('link_governor', 'SEND link governor'), ('clerk', 'Clerk to governors')], max_length=30)),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('staff_number', models.CharField(blank=True, max_length=40)),
                ('weekly_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                ('term_time_only', models.BooleanField(default=False)),
                ('handles_personal_data', models.BooleanField(default=True)),
                ('is_employment', models.BooleanField(default=True, help_text='Not for governors and volunteers: they have no employer here.')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line_manager', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'historical post',
                'verbose_name_plural': 'historical posts',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='OrganisationLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_urn', models.PositiveIntegerField(verbose_name='linked URN')),
                ('linked_name', models.CharField(max_length=200)),
                ('link_type', models.CharField(choices=[('predecessor', 'Predecessor'), ('predecessor_amalgamated', 'Predecessor - amalgamated'), ('predecessor_merged', 'Predecessor - merged'), ('predecessor_split', 'Predecessor - Split School'), ('successor', 'Successor'), ('successor_amalgamated', 'Successor - amalgamated'), ('successor_merged', 'Successor - merged'), ('successor_split', 'Successor - Split School'), ('result_of_amalgamation', 'Result of Amalgamation'), ('closure', 'Closure'), ('expansion', 'Expansion'), ('other', 'Other')], max_length=30)),
                ('established_on', models.DateField(blank=True, null=True)),
                ('linked', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='linked_from', to='accounts.organisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='accounts.organisation')),
            ],
            options={
                'ordering': ['organisation', 'established_on', 'linked_urn'],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job_role', models.CharField(choices=[('headteacher', 'Headteacher'), ('senco', 'SENCO'), ('teacher', 'Teacher'), ('teaching_assistant', 'Teaching assistant'), ('elsa', 'Emotional literacy support assistant'), ('dsl', 'Designated safeguarding lead'), ('mental_health_lead', 'Senior mental health lead'), ('midday_supervisor', 'Midday supervisor'), ('school_office', 'School office and site staff'), ('ey_practitioner', 'Early years practitioner'), ('childminder', 'Childminder'), ('social_worker', 'Social worker'), ('social_care_manager', 'Social care team manager'), ('family_support', 'Family support worker'), ('educational_psychologist', 'Educational psychologist'), ('emhp', 'Mental health practitioner'), ('therapist', 'Therapist'), ('la_officer', 'Local authority officer'), ('senior_leader', 'Senior leader'), ('volunteer', 'Volunteer'), ('governor', 'Governor'), ('link_governor', 'SEND link governor'), ('clerk', 'Clerk to governors')], max_length=30)),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('staff_number', models.CharField(blank=True, max_length=40)),
                ('weekly_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                ('term_time_only', models.BooleanField(default=False)),
                ('handles_personal_data', models.BooleanField(default=True)),
                ('is_employment', models.BooleanField(default=True, help_text='Not for governors and volunteers: they have no employer here.')),
                ('line_manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='managed_posts', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='accounts.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['organisation', 'person', 'starts_on'],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('setting_lead', 'Setting lead'), ('team_manager', 'Team manager'), ('training_admin', 'Training administrator'), ('reviewer', 'Resource reviewer'), ('steward', 'Steward of the local area'), ('evaluator', 'Evaluator'), ('director', 'Director'), ('system_admin', 'System administrator'), ('auditor', 'Auditor')], max_length=20)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants_given', to=settings.AUTH_USER_MODEL)),
                ('local_area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to='accounts.localarea')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to='accounts.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['local_area', 'role', 'person'],
            },
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['subject', '-at'], name='audit_by_subject'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['actor', '-at'], name='audit_by_actor'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['local_area', 'kind'], name='organisation_by_area_kind'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='not_its_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('opened_on__isnull', True), ('closed_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='organisation_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='organisationlink',
            constraint=models.UniqueConstraint(fields=('organisation', 'linked_urn', 'link_type'), name='one_link_of_a_type'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['organisation', 'ends_on'], name='post_by_organisation'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['job_role', 'ends_on'], name='post_by_role'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='post_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('person', 'organisation', 'job_role'), name='one_open_post_of_a_role'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('staff_number', ''), _negated=True), ('ends_on__isnull', True)), fields=('organisation', 'staff_number'), name='staff_number_unique_per_employer'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('line_manager__isnull', True), models.Q(('line_manager', models.F('person')), _negated=True), _connector='OR'), name='nobody_manages_themselves'),
        ),
        migrations.AddIndex(
            model_name='rolegrant',
            index=models.Index(fields=['person', 'role'], name='grant_by_person_role'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='grant_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('granted_by__isnull', True), models.Q(('granted_by', models.F('person')), _negated=True), _connector='OR'), name='nobody_grants_themselves'),
        ),
    ]
