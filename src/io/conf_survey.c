/*
 * conf_survey.c - the surveys of a configuration and their calendars.
 *
 * The files of questions and prompts that a survey names are read by
 * conf_question.c; a file that is not there is told by the line that names it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/conf_parts.h"

#define AT(member)	offsetof(struct conf_survey, member)
#define RULE_MAX	400	/* bytes */
#define SMALL_LETTERS	"abcdefghijklmnopqrstuvwxyz"

static key_reader read_name, read_comments, read_reminders, read_support,
    note_place;

static const char *const kind_words[] = { "staff", "served", NULL };

static const struct key survey_privacy_keys[] = {
	{ .name = "lawful_basis", .kind = KEY_TEXT, .at = AT(lawful_basis),
	    .max = CONF_TEXT_MAX },
	{ .name = "contact", .kind = KEY_TEXT, .at = AT(contact),
	    .max = CONF_TEXT_MAX },
	{ .name = NULL }
};

/* Reminders lie within open_days; they come after it. */
static const struct key calendar_keys[] = {
	{ .name = "opens", .kind = KEY_TEXT, .at = AT(opens),
	    .max = RULE_MAX, .read = note_place },
	{ .name = "open_days", .kind = KEY_NUMBER, .at = AT(open_days),
	    .min = 1, .max = 60, .number = 14 },
	{ .name = "heads_up", .kind = KEY_NUMBER, .at = AT(heads_up),
	    .max = 27, .number = 4 },
	{ .name = "reminders", .kind = KEY_OTHER, .read = read_reminders },
	{ .name = NULL }
};

static const struct key survey_keys[] = {
	{ .name = "name", .kind = KEY_OTHER, .required = true,
	    .expected = "a name such as \"staff\"", .read = read_name },
	{ .name = "kind", .kind = KEY_WORD, .at = AT(kind),
	    .number = KIND_STAFF, .words = kind_words },
	{ .name = "questions", .kind = KEY_FILE, .required = true,
	    .at = AT(question_file), .min = 1,
	    .expected = "the file of its questions" },
	{ .name = "prompts", .kind = KEY_FILE, .at = AT(prompt_file) },
	{ .name = "comments", .kind = KEY_OTHER, .read = read_comments },
	{ .name = "staff_copy", .kind = KEY_TRUTH, .at = AT(staff_copy),
	    .number = true },
	{ .name = "weekends", .kind = KEY_TRUTH, .at = AT(weekends) },
	{ .name = "privacy", .kind = KEY_GROUP, .keys = survey_privacy_keys },
	{ .name = "support", .kind = KEY_OTHER, .read = read_support },
	{ .name = "calendar", .kind = KEY_GROUP, .keys = calendar_keys },
	{ .name = NULL }
};

static enum err_code
read_name(const struct setting *s, void *base, struct err *e)
{
	struct conf_survey	*v = base;
	enum err_code		 rc;
	char			*name;
	size_t			 len;

	rc = setting_text(s, 1, SURVEY_NAME_MAX, &name, e);
	if (rc != ERR_OK)
		return rc;
	len = strlen(name);
	if (strspn(name, SMALL_LETTERS "0123456789") != len ||
	    strspn(name, SMALL_LETTERS) == 0)
		rc = setting_refuse(s, e, "is no name of a survey, expected "
		    "small letters and digits, a letter first");
	else
		memcpy(v->name, name, len + 1);
	free(name);
	return rc;
}

static enum err_code
read_comments(const struct setting *s, void *base, struct err *e)
{
	static const char *const words[] = { "off", NULL };
	struct conf_survey	*v = base;

	v->comments = 0;
	if (s == NULL)
		return ERR_OK;
	if (setting_kind(s) == SETTING_TEXT)
		return setting_word(s, words, &v->comments, e);
	return setting_number(s, 1, LEVELS_MAX, &v->comments, e);
}

static enum err_code
read_support(const struct setting *s, void *base, struct err *e)
{
	struct conf_survey *v = base;

	return conf_read_support(s, &v->support, &v->n_support, e);
}

/* The rule is read by io/calendar.c, which not every program has. */
static enum err_code
note_place(const struct setting *s, void *base, struct err *e)
{
	struct conf_survey	*v = base;
	struct err		 place;

	(void)e;
	setting_refuse(s, &place, "%s", "");
	v->opens_at = mem_str(place.msg);
	return ERR_OK;
}

/* The usual days, as far as they lie within the time a wave is open. */
static void
default_reminders(struct conf_survey *v)
{
	static const unsigned int	days[REMINDERS_MAX] = { 4, 9 };
	size_t				i;

	for (i = 0; i < REMINDERS_MAX && days[i] < v->open_days; i++)
		v->reminder[v->n_reminders++] = days[i];
}

static enum err_code
read_reminders(const struct setting *s, void *base, struct err *e)
{
	struct conf_survey	*v = base;
	enum err_code		 rc;
	unsigned int		 least = 1, day;
	size_t			 i;

	if (s == NULL) {
		default_reminders(v);
		return ERR_OK;
	}
	if ((rc = setting_want(s, SETTING_ARRAY, e)) != ERR_OK)
		return rc;
	if (setting_count(s) > REMINDERS_MAX)
		return setting_refuse(s, e, "names %zu days, expected at most "
		    "%d", setting_count(s), REMINDERS_MAX);
	for (i = 0; i < setting_count(s); i++) {
		rc = setting_number(setting_at(s, i), 1, 60, &day, e);
		if (rc != ERR_OK)
			return rc;
		if (day < least || day >= v->open_days)
			return setting_refuse(s, e, "names day %u, expected "
			    "rising days from 1, below open_days (%u)", day,
			    v->open_days);
		v->reminder[v->n_reminders++] = day;
		least = day + 1;
	}
	return ERR_OK;
}

/* Says which line names a file that cannot be read. */
static enum err_code
blame(const struct setting *survey, const char *key, enum err_code rc,
    struct err *e)
{
	struct err why = *e;

	if (rc == ERR_OK || rc == ERR_INPUT)
		return rc;
	setting_refuse(setting_member(survey, key), e,
	    "names a file that cannot be read, expected one that can: %s",
	    why.msg);
	return ERR_INPUT;
}

static enum err_code
read_files(const struct setting *s, const struct langs *l,
    struct conf_survey *v, struct err *e)
{
	enum err_code rc;

	rc = conf_read_questions(v->question_file, l, &v->questions, e);
	if (rc != ERR_OK)
		return blame(s, "questions", rc, e);
	if (v->prompt_file[0] == '\0')
		return ERR_OK;
	rc = conf_read_prompts(v->prompt_file, l, &v->prompts, e);
	return blame(s, "prompts", rc, e);
}

static enum err_code
read_survey(const struct setting *s, struct conf *c, struct err *e)
{
	struct conf_survey	*v = &c->survey[c->n_surveys++];
	enum err_code		 rc;

	rc = setting_want(s, SETTING_GROUP, e);
	if (rc == ERR_OK)
		rc = keys_read(survey_keys, s, s, "", v, e);
	if (rc != ERR_OK)
		return rc;
	if (v->comments > 0 && c->site.reader.name == NULL)
		return setting_refuse(setting_member(s, "comments"), e,
		    "asks for comments, expected privacy.comments_reader to "
		    "name who reads them first");
	if (conf_survey(c, v->name) != v)
		return setting_refuse(setting_member(s, "name"), e,
		    "is the name of an earlier survey, expected another");
	return read_files(s, &c->site.langs, v, e);
}

enum err_code
conf_read_surveys(const struct setting *s, void *base, struct err *e)
{
	enum err_code	rc;
	size_t		n, i;

	if ((rc = setting_want(s, SETTING_LIST, e)) != ERR_OK)
		return rc;
	n = setting_count(s);
	if (n < 1 || n > SURVEYS_MAX)
		return setting_refuse(s, e, "has %zu surveys, expected 1 to "
		    "%d", n, SURVEYS_MAX);
	for (i = 0; i < n && rc == ERR_OK; i++)
		rc = read_survey(setting_at(s, i), base, e);
	return rc;
}

/*
 * On what basis staff are asked is not why people served are: a survey has
 * privacy.lawful_basis from the common part only if it asks people of the same
 * kind as the first survey.
 */
void
conf_survey_site(const struct conf *c, struct conf_survey *s)
{
	const struct conf_survey *first = &c->survey[0];

	s->site = c->site;
	s->site.served = s->kind == KIND_SERVED;
	s->site.staff_copy = s->staff_copy;
	s->site.comments = s->comments > 0;
	if (s != first)
		memcpy(s->site.survey, s->name, sizeof(s->name));
	if (s->lawful_basis[0] != '\0' || s->kind != first->kind)
		s->site.lawful_basis = s->lawful_basis;
	if (s->contact[0] != '\0')
		s->site.contact = s->contact;
	if (s->n_support > 0) {
		s->site.support = s->support;
		s->site.n_support = s->n_support;
	}
}

void
conf_survey_wipe(struct conf_survey *s)
{
	question_wipe(&s->questions);
	prompts_wipe(&s->prompts);
	conf_support_wipe(s->support, s->n_support);
	free(s->lawful_basis);
	free(s->contact);
	free(s->opens);
	free(s->opens_at);
	free(s->question_file);
	free(s->prompt_file);
}
