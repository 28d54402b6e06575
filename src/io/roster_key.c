/*
 * roster_key.c - builds the keys of the roster and takes them apart.
 *
 * Names of surveys hold no slash, so the second slash ends them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "io/roster_key.h"

char *
roster_key(char kind, const char *survey, const char *name)
{
	return mem_fmt("%c/%s/%s", kind, survey, name);
}

char *
roster_key_number(char kind, const char *survey, const char *name,
    size_t number)
{
	return mem_fmt("%c/%s/%s%s%zu", kind, survey, name != NULL ? name : "",
	    name != NULL ? "/" : "", number);
}

/* The survey of a key, *n bytes, or NULL: an opt-out, or none of ours. */
static const char *
survey_of(const char *key, size_t len, size_t *n)
{
	const char *slash;

	if (len < 3 || key[1] != '/' || key[0] == ROSTER_OPTOUT)
		return NULL;
	slash = memchr(key + 2, '/', len - 2);
	if (slash == NULL)
		return NULL;
	*n = (size_t)(slash - (key + 2));
	return key + 2;
}

bool
roster_key_of(const char *key, size_t len, const char *survey)
{
	const char	*s;
	size_t		 n;

	s = survey_of(key, len, &n);
	return s != NULL && n == strlen(survey) && memcmp(s, survey, n) == 0;
}

const char *
roster_key_name(const char *key, size_t len, char kind, const char *survey,
    size_t *n)
{
	const char	*s;
	size_t		 survey_len;

	s = survey_of(key, len, &survey_len);
	if (s == NULL || key[0] != kind)
		return NULL;
	if (survey != NULL && !roster_key_of(key, len, survey))
		return NULL;
	*n = len - survey_len - 3;
	return s + survey_len + 1;
}
