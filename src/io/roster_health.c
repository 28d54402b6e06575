/*
 * roster_health.c - the roster's records of health.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/b32.h"
#include "base/buf.h"
#include "base/mem.h"
#include "core/wave.h"
#include "io/record.h"
#include "io/roster_health.h"
#include "io/roster_key.h"

#define WHO_TEXT	B32_LEN(BOUNCE_WHO)
#define VALUE_MAX	400

/* Names of waves with a space between; false: they are not. */
static bool
read_marks(struct health *h, const char *s)
{
	char	name[WAVE_NAME_MAX + 1];
	size_t	n;

	while (*s != '\0') {
		n = strcspn(s, " ");
		if (h->marks == HEALTH_MARKS || n > WAVE_NAME_MAX)
			return false;
		snprintf(name, sizeof(name), "%.*s", (int)n, s);
		if (!wave_name_valid(name))
			return false;
		memcpy(h->mark[h->marks++], name, sizeof(name));
		s += n + (s[n] == ' ');
	}
	return true;
}

static enum err_code
decode(const char *value, size_t len, struct ailing *a, struct err *e)
{
	struct health	*h = &a->health;
	char		 who[WHO_TEXT + 1] = "";
	struct record	 r;

	memset(h, 0, sizeof(*h));
	record_read(&r, value, len);
	record_copy(&r, who, sizeof(who));
	h->state = (enum health_state)record_next_number(&r, HEALTH_MARKED,
	    HEALTH_HARD);
	record_copy(&r, h->since, sizeof(h->since));
	if (!read_marks(h, record_next(&r)) || r.bad || r.p != r.end ||
	    !b32_decode(a->who, BOUNCE_WHO, who))
		return err_set(e, ERR_CORRUPT, "roster: damaged record of "
		    "health; import again");
	return ERR_OK;
}

enum err_code
roster_ailing(struct roster *r, const char *survey, const char *id,
    struct ailing *a, struct err *e)
{
	char		*key = roster_key(ROSTER_HEALTH, survey, id), *value;
	size_t		 len;
	enum err_code	 rc;

	rc = store_get(roster_store(r), key, strlen(key), &value, &len, e);
	free(key);
	if (rc != ERR_OK)
		return rc;
	snprintf(a->survey, sizeof(a->survey), "%s", survey);
	snprintf(a->id, sizeof(a->id), "%s", id);
	rc = decode(value, len, a, e);
	free(value);
	return rc;
}

/* Cuts "SURVEY/NAME" out of a key; false: too long, or none of ours. */
static bool
take_key(const char *key, size_t len, struct ailing *a)
{
	const char	*name;
	size_t		 n, survey;

	name = roster_key_name(key, len, ROSTER_HEALTH, NULL, &n);
	survey = len - n - 3;
	if (name == NULL || n >= sizeof(a->id) ||
	    survey >= sizeof(a->survey))
		return false;
	snprintf(a->survey, sizeof(a->survey), "%.*s", (int)survey, key + 2);
	snprintf(a->id, sizeof(a->id), "%.*s", (int)n, name);
	return true;
}

struct each {
	roster_ailing_visit	*visit;
	roster_survey_visit	*survey;
	void			*arg;
};

static enum err_code
each_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct each	*each = arg;
	struct ailing	 a;
	enum err_code	 rc;

	if (keylen < 3 || key[0] != ROSTER_HEALTH)
		return ERR_OK;
	if (!take_key(key, keylen, &a))
		return err_set(e, ERR_CORRUPT, "roster: health of nobody; "
		    "import again");
	rc = decode(value, len, &a, e);
	return rc == ERR_OK ? each->visit(each->arg, &a, e) : rc;
}

enum err_code
roster_each_ailing(struct roster *r, roster_ailing_visit *visit, void *arg,
    struct err *e)
{
	struct each each = { .visit = visit, .arg = arg };

	return store_each(roster_store(r), each_record, &each, e);
}

/* The first unit of a survey stands for it. */
static enum err_code
each_survey(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct each	*each = arg;
	char		*survey;
	enum err_code	 rc;

	(void)value;
	(void)len;
	if (keylen < 5 || key[0] != ROSTER_UNIT ||
	    memcmp(key + keylen - 2, "/0", 2) != 0)
		return ERR_OK;
	survey = mem_dup(key + 2, keylen - 4);
	rc = each->survey(each->arg, survey, e);
	free(survey);
	return rc;
}

enum err_code
roster_each_survey(struct roster *r, roster_survey_visit *visit, void *arg,
    struct err *e)
{
	struct each each = { .survey = visit, .arg = arg };

	return store_each(roster_store(r), each_survey, &each, e);
}

enum err_code
roster_put_ailing(struct store *to, const struct ailing *a, struct err *e)
{
	const struct health	*h = &a->health;
	char			*key, who[WHO_TEXT + 1];
	struct buf		 b;
	unsigned int		 i;
	enum err_code		 rc;

	if (h->state == HEALTH_GOOD)
		return ERR_OK;
	buf_init(&b, VALUE_MAX);
	b32_encode(who, a->who, BOUNCE_WHO);
	record_text(&b, who);
	record_number(&b, h->state);
	record_text(&b, h->since);
	for (i = 0; i < h->marks; i++)
		buf_addf(&b, "%s%s", i > 0 ? " " : "", h->mark[i]);
	buf_addc(&b, '\0');
	key = roster_key(ROSTER_HEALTH, a->survey, a->id);
	rc = record_put(to, key, &b, e);
	buf_wipe(&b);
	free(key);
	return rc;
}

struct copy {
	const char	*survey;	/* not to be copied */
	struct store	*to;
};

static enum err_code
copy_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct copy	*c = arg;
	enum err_code	 rc;

	if (keylen > 1 && key[0] == ROSTER_HEALTH && key[1] == '/')
		return ERR_OK;
	if (c->survey != NULL && roster_key_of(key, keylen, c->survey))
		return ERR_OK;
	rc = store_put(c->to, key, keylen, value, len, e);
	return rc == ERR_USED ? err_set(e, ERR_CORRUPT, "roster: a record "
	    "twice") : rc;
}

enum err_code
roster_copy_but_health(struct roster *from, const char *survey,
    struct store *to, struct err *e)
{
	struct copy c = { survey, to };

	return store_each(roster_store(from), copy_record, &c, e);
}
