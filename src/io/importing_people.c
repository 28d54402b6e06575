/*
 * importing_people.c - the people file, row by row into the new roster.
 *
 * Nothing of a row is kept in memory: the new roster itself tells a doubled
 * id or address, and only then the file is read again for the first line.
 * No refusal repeats an address or a name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/message.h"
#include "core/token.h"
#include "io/idn.h"
#include "io/importing_parts.h"
#include "io/roster_write.h"

enum { ID, EMAIL, NAME, UNIT, LANGUAGE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
	[ID] = { "id", false },
	[EMAIL] = { "email", false },
	[NAME] = { "name", false },
	[UNIT] = { "unit", false },
	[LANGUAGE] = { "language", false },
};

/* Makes the person's opt-out token one that sensed.cgi takes. */
static enum err_code
put_known(struct import *im, const char *address, struct err *e)
{
	char		token[OPTOUT_LEN + 1], hash[OPTOUT_HASH_LEN + 1];
	enum err_code	rc;

	if (im->known == NULL)
		return ERR_OK;
	optout_of(token, hash, im->key, address);
	crypt_wipe(token, sizeof(token));
	rc = store_put(im->known, hash, OPTOUT_HASH_LEN, "", 0, e);
	return rc == ERR_USED ? ERR_OK : rc;	/* in two surveys */
}

static enum err_code
old_person(void *arg, const struct person *p, struct err *e)
{
	return put_known(arg, p->address, e);
}

static enum err_code
count_person(void *arg, const struct person *p, struct err *e)
{
	struct import	*im = arg;
	const uint32_t	 u = tree_find(&im->was, p->unit);

	if (u == UNIT_NONE)
		return err_set(e, ERR_CORRUPT, "roster: person %s is in a "
		    "unit that is not there", p->id);
	im->was.unit[u].invited++;
	return ERR_OK;
}

/* Mails of people who leave are out already: their opt-outs stay good. */
enum err_code
import_old_people(struct import *im, struct err *e)
{
	enum err_code rc;

	if (im->old == NULL)
		return ERR_OK;
	rc = roster_each(im->old, NULL, old_person, im, e);
	if (rc == ERR_OK && im->was.n > 0)
		rc = roster_each(im->old, im->survey, count_person, im, e);
	return rc;
}

static bool
id_valid(const char *id)
{
	const size_t len = strlen(id);

	return len >= 1 && len <= PERSON_ID_MAX && strspn(id,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-") == len;
}

bool
import_address(const char *address)
{
	char	*ascii = address_valid(address) ? idn_address(address) : NULL;
	bool	 ok = ascii != NULL;

	free(ascii);
	return ok;
}

bool
import_language(const struct conf *c, const char *lang)
{
	const struct langs *l = &c->site.langs;

	return lang[0] == '\0' || langs_find(l, lang) < l->n ||
	    (l->n > 1 && strcmp(lang, "both") == 0);
}

static enum err_code
check_row(const struct import *im, const char *const *f, struct err *e)
{
	if (!id_valid(f[ID]))
		return err_set(e, ERR_INPUT, "id is malformed, expected 1 to "
		    "%d letters, digits, . _ or -", PERSON_ID_MAX);
	if (!import_address(f[EMAIL]))
		return err_set(e, ERR_INPUT, "email is no mail address, "
		    "expected one such as name@example.org");
	if (strlen(f[NAME]) > PERSON_NAME_MAX)
		return err_set(e, ERR_INPUT, "name has %zu bytes, expected at "
		    "most %d", strlen(f[NAME]), PERSON_NAME_MAX);
	if (!unit_id_valid(f[UNIT], strlen(f[UNIT])))
		return err_set(e, ERR_INPUT, "unit is malformed, expected one "
		    "of %s", im->files.units);
	if (tree_find(&im->tree, f[UNIT]) == UNIT_NONE)
		return err_set(e, ERR_INPUT, "unit %s is unknown, expected "
		    "one of %s", f[UNIT], im->files.units);
	if (!import_language(im->conf, f[LANGUAGE]))
		return err_set(e, ERR_INPUT, "language is not configured, "
		    "expected one of `languages`, both, or none");
	return ERR_OK;
}

/* The checks have seen that each field fits. */
static void
take_row(struct person *p, const char *const *f)
{
	memcpy(p->id, f[ID], strlen(f[ID]) + 1);
	memcpy(p->address, f[EMAIL], strlen(f[EMAIL]) + 1);
	memcpy(p->name, f[NAME], strlen(f[NAME]) + 1);
	memcpy(p->unit, f[UNIT], strlen(f[UNIT]) + 1);
	memcpy(p->lang, f[LANGUAGE], strlen(f[LANGUAGE]) + 1);
}

/* Looks for the first row with a person's id or address. */
struct search {
	const char	*id;		/* or: */
	char		*canonical;
	unsigned int	 line;
};

static enum err_code
match_row(void *arg, const char *const *f, unsigned int line, struct err *e)
{
	struct search	*s = arg;
	char		*canonical;
	bool		 found;

	if (s->id != NULL)
		found = strcmp(s->id, f[ID]) == 0;
	else {
		canonical = address_canonical(f[EMAIL]);
		found = strcmp(s->canonical, canonical) == 0;
		free(canonical);
	}
	if (!found)
		return ERR_OK;
	s->line = line;
	return err_set(e, ERR_USED, "found");	/* read no further */
}

/* Told when it was read the first time. */
static void
pass_over(void *arg, const struct err *e)
{
	(void)arg;
	(void)e;
}

static enum err_code
refuse_twice(const struct import *im, const struct person *p, bool address,
    struct err *e)
{
	struct search	s = { .id = address ? NULL : p->id, .line = 0 };
	struct err	ignored;

	if (im->faults >= IMPORT_FAULTS)	/* it is only counted */
		return err_set(e, ERR_INPUT, "twice");
	s.canonical = address_canonical(p->address);
	if (csv_read_on(im->files.people, columns, COLUMNS, match_row,
	    pass_over, NULL, &s, &ignored) != ERR_USED)
		s.line = 0;
	free(s.canonical);
	if (address)
		return err_set(e, ERR_INPUT, "the email of %s is in line %u "
		    "already, expected each address once", p->id, s.line);
	return err_set(e, ERR_INPUT, "id %s is in line %u already, expected "
	    "each id once", p->id, s.line);
}

static bool
same_address(const char *a, const char *b)
{
	char	*x = address_canonical(a), *y = address_canonical(b);
	bool	 same = strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

/* Health is the address's: whoever has another one starts anew. */
static enum err_code
keep_health(struct import *im, const struct person *p,
    const struct person *was, struct err *e)
{
	if (im->health == NULL || !same_address(p->address, was->address))
		return ERR_OK;
	return health_put(im->health, im->survey, p->id, im->new, e);
}

static enum err_code
compare(struct import *im, const struct person *p, struct err *e)
{
	struct person	was;
	enum err_code	rc = ERR_ABSENT;

	if (im->was.n > 0)
		rc = roster_person(im->old, im->survey, p->id, &was, e);
	if (rc != ERR_OK && rc != ERR_ABSENT)
		return rc;
	import_note(im, p, rc == ERR_OK ? &was : NULL);
	return rc == ERR_OK ? keep_health(im, p, &was, e) : ERR_OK;
}

static enum err_code
on_row(void *arg, const char *const *field, unsigned int line, struct err *e)
{
	struct import	*im = arg;
	struct person	 p;
	enum err_code	 rc;
	bool		 address;

	(void)line;
	if ((rc = check_row(im, field, e)) != ERR_OK)
		return rc;
	take_row(&p, field);
	rc = roster_put_person(im->new, im->survey, &p, &address, e);
	if (rc == ERR_USED)
		return refuse_twice(im, &p, address, e);
	if (rc == ERR_OK)
		rc = put_known(im, p.address, e);
	return rc == ERR_OK ? compare(im, &p, e) : rc;
}

static void
on_progress(void *arg, uint64_t done, uint64_t size)
{
	struct import *im = arg;

	if (im->progress != NULL)
		im->progress(im->arg, done, size);
}

enum err_code
import_read_people(struct import *im, struct err *e)
{
	enum err_code rc;

	rc = csv_read_on(im->files.people, columns, COLUMNS, on_row,
	    import_fault, on_progress, im, e);
	if (rc == ERR_OK)
		rc = import_faults(im, im->files.people, e);
	if (rc == ERR_OK && im->report.people == 0)
		rc = err_set(e, ERR_INPUT, "%s:1: nobody, expected a row for "
		    "each person", im->files.people);
	return rc;
}
