/*
 * setting.h - a configuration file as a tree of settings that know their line.
 *
 * A thin wrap of libconfig that closes its traps (doc/spec/FACTS 5): numbers
 * that overflow unseen, types that fail in silence, errors without a file.
 * Every refusal reads "FILE:LINE: KEY what is wrong, expected ...", and never
 * repeats a text from the file: it may be an address.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SETTING_H
#define SENSED_IO_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define SETTINGS_FILE_MAX	(1U << 20)	/* bytes */

enum setting_kind {
	SETTING_GROUP,
	SETTING_LIST,		/* ( ... ) */
	SETTING_ARRAY,		/* [ ... ] */
	SETTING_TEXT,
	SETTING_NUMBER,
	SETTING_TRUTH,
	SETTING_OTHER		/* a fraction, or a number marked L */
};

/* A file; and one setting in it, good until settings_free. */
struct settings;
struct setting;

/*
 * Reads and parses path and what it includes (relative to its own folder).
 * ERR_ABSENT, ERR_SYS; ERR_INPUT: syntax, not UTF-8, a NUL, a number of more
 * than nine digits, a file over SETTINGS_FILE_MAX.
 */
enum err_code	 settings_load(const char *path, struct settings **out,
		    struct err *e) MUST_USE;
void		 settings_free(struct settings **s);

const struct setting *settings_root(const struct settings *s);

enum setting_kind setting_kind(const struct setting *s);

/* The name in its group, or NULL in a list or array. */
const char	*setting_name(const struct setting *s);

/* Settings below s, in file order; none below a text, number or truth. */
size_t		 setting_count(const struct setting *s);
const struct setting *setting_at(const struct setting *s, size_t i);

/* The setting of that name in a group, or NULL; s may be NULL. */
const struct setting *setting_member(const struct setting *s, const char *name);

/* Fills e with ERR_INPUT, "FILE:LINE: KEY " and the words; returns it. */
enum err_code	 setting_refuse(const struct setting *s, struct err *e,
		    const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));

/* As setting_refuse, for a key that is missing from group s. */
enum err_code	 setting_missing(const struct setting *s, const char *key,
		    const char *expected, struct err *e);

/* Refuses s unless it is of that kind. */
enum err_code	 setting_want(const struct setting *s, enum setting_kind kind,
		    struct err *e) MUST_USE;

/* A copy of a text of min..max bytes, UTF-8 without control characters. */
enum err_code	 setting_text(const struct setting *s, size_t min, size_t max,
		    char **out, struct err *e) MUST_USE;

enum err_code	 setting_number(const struct setting *s, unsigned int min,
		    unsigned int max, unsigned int *out, struct err *e)
		    MUST_USE;
enum err_code	 setting_truth(const struct setting *s, bool *out,
		    struct err *e) MUST_USE;

/* The place in words[] (NULL at the end) of a text. */
enum err_code	 setting_word(const struct setting *s,
		    const char *const *words, unsigned int *out, struct err *e)
		    MUST_USE;

/*
 * A file name of at least min bytes, absolute or from the folder of the file
 * that holds s; an empty one stays empty.
 */
enum err_code	 setting_file(const struct setting *s, size_t min, char **out,
		    struct err *e) MUST_USE;

#endif
