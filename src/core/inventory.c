/*
 * inventory.c - the tables of files and records, and their pattern matching.
 *
 * In a pattern: %w the name of a wave, %t a tag (2 of base32), %h a hash (52
 * of base32), %s the name of a survey, %k the key of a sense, %i an id, %a
 * anything printable, %n a number, %2 %4 %6 so many digits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/inventory.h"
#include "core/sense.h"
#include "core/token.h"
#include "core/wave.h"

#define DIGITS	"0123456789"
#define LOWER	"abcdefghijklmnopqrstuvwxyz"
#define UPPER	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BASE32	LOWER "234567"
#define TEXT_MAX	65536	/* of one record */

static const char box_words[] = "hashes of links with a used mark, and sealed "
    "answers: no time, no order, no name";

static const struct {
	const char		*pattern;
	struct inventory_file	 file;
} files[] = {
	{ "", { INV_DIR, true, 0711, "the state directory" } },
	{ "roster", { INV_DIR, true, 0700, "people and units" } },
	{ "roster/roster.gdbm", { INV_ROSTER, false, 0600, "people, units and "
	    "leaders as imported; opt-outs as hashes" } },
	{ "roster/health.log", { INV_HEALTH, false, 0600, "which addresses "
	    "could not be reached" } },
	{ "roster/last-%s", { INV_LAST, false, 0600, "who was in the last "
	    "wave, in which unit; never who answered" } },
	{ "roster/opened-%s", { INV_NOTE, false, 0600, "when a wave of the "
	    "survey was last opened" } },
	{ "attention", { INV_DIR, true, 0700, "what needs a person" } },
	{ "attention/%s.calendar", { INV_NOTE, false, 0600, "why a wave did "
	    "not open" } },
	{ "attention/%s.leaders", { INV_NOTE, false, 0600, "why leaders "
	    "were not told of a wave" } },
	{ "attention/%w.mail", { INV_ATTENTION, false, 0600, "why mail is "
	    "not going out" } },
	{ "attention/%w.missed", { INV_NOTE, false, 0600, "how many were "
	    "never invited" } },
	{ "attention/%w.publish", { INV_ATTENTION, false, 0600, "why the "
	    "wave can never be published" } },
	{ "attention/%w.digest", { INV_NOTE, false, 0600, "why digests are "
	    "not going out" } },
	{ "attention/disk.space", { INV_NOTE, false, 0600, "that the disk is "
	    "nearly full" } },
	{ "attention/told", { INV_NOTE, false, 0600, "of which of these "
	    "organisation.operator was mailed" } },
	{ "keys", { INV_DIR, true, 0700, "secrets" } },
	{ "keys/token", { INV_DIR, true, 0700, "secrets of open waves" } },
	{ "keys/ballot", { INV_DIR, true, 0700, "secrets of open waves" } },
	{ "keys/organisation", { INV_KEY_ORGANISATION, false, 0600, "the key "
	    "of opt-out links and return paths; opens no answer" } },
	{ "keys/token/%w", { INV_KEY_TOKEN, false, 0600, "the key that this "
	    "wave's links are made from" } },
	{ "keys/ballot/%w", { INV_KEY_BALLOT, false, 0600, "the key that "
	    "opens this wave's answers" } },
	{ "ledgers", { INV_DIR, true, 0700, "what was mailed" } },
	{ "ledgers/%w.list", { INV_LIST, false, 0600, "who is in the wave, "
	    "sealed under the key of its links" } },
	{ "ledgers/%w.log", { INV_LEDGER, false, 0600, "to whom was mailed, "
	    "sealed under the key of its links" } },
	{ "ledgers/%w.heads-up", { INV_HEADS_UP, false, 0600, "which leaders "
	    "were told of the wave to come; goes when it may open" } },
	{ "ledgers/%w.digest", { INV_DIGEST, false, 0600, "to which leaders "
	    "the digest was mailed; goes when all have it" } },
	{ "ledgers/%w.review", { INV_DIGEST, false, 0600, "that the reader of "
	    "comments was mailed them; goes when it is done" } },
	{ "ledgers/%w.comments", { INV_DIGEST, false, 0600, "to which leaders "
	    "released comments were mailed; goes when all have them" } },
	{ "published", { INV_DIR, true, 0700, "published figures" } },
	{ "published/%w.gdbm", { INV_PUBLISHED, false, 0600, "the published "
	    "figures, and nothing of units that are not shown" } },
	{ "locks", { INV_DIR, true, 0700, "empty files that programs lock" } },
	{ "locks/roster", { INV_LOCK, false, 0600, "nothing: a lock" } },
	{ "locks/wave-%w", { INV_LOCK, false, 0600, "nothing: a lock" } },
	{ "waves", { INV_DIR, true, 0755, "descriptions of open waves" } },
	{ "waves/%t-%w.gdbm", { INV_WAVE, false, 0644, "state, times, "
	    "questions and units of the wave: nobody's name but of who reads "
	    "comments first" } },
	{ "waves/%t-%w.opening", { INV_WAVE_HIDDEN, false, 0644, "a wave that "
	    "is being opened" } },
	{ "answers", { INV_DIR, true, 02770, "what the answer pages write" } },
	{ "answers/optout", { INV_DIR, true, 02770, "opt-outs" } },
	{ "answers/optout/known", { INV_OPTOUT_KNOWN, false, 0640, "hashes of "
	    "the opt-out links that are valid" } },
	{ "answers/optout/%h", { INV_OPTOUT, false, 0660, "nothing: its name "
	    "is the hash of an opt-out link that was used" } },
	{ "answers/%t-%w", { INV_ANSWERS, true, 02770, "boxes of a wave" } },
	{ "answers/%t-%w/boxes", { INV_BOXES, true, 02770, "boxes" } },
	{ "answers/%t-%w/boxes/%4.gdbm", { INV_BOX, false, 0660, box_words } },
	{ "answers/%t-%w/boxes/%4.lock", { INV_BOX_LOCK, false, 0660,
	    "nothing: a lock" } },
	{ "keys/.nobackup", { INV_NOTE, false, 0644, "a note" } },
	{ "keys/CACHEDIR.TAG", { INV_NOTE, false, 0644, "a note" } },
	{ "ledgers/.nobackup", { INV_NOTE, false, 0644, "a note" } },
	{ "ledgers/CACHEDIR.TAG", { INV_NOTE, false, 0644, "a note" } },
	{ "answers/.nobackup", { INV_NOTE, false, 0664, "a note" } },
	{ "answers/CACHEDIR.TAG", { INV_NOTE, false, 0664, "a note" } },
};

/*
 * Records of the stores.  fields 0: the value is bytes, of least to most; what
 * a wave file or a publication holds is for its own reader to check.
 */
static const struct {
	enum inventory_kind	 kind;
	const char		*pattern;
	unsigned int		 fields;
	size_t			 least, most;
} records[] = {
	{ INV_ROSTER, "u/%s/%n", 3, 0, 0 },
	{ INV_ROSTER, "l/%s/%i/%n", 3, 0, 0 },
	{ INV_ROSTER, "p/%s/%i", 4, 0, 0 },
	{ INV_ROSTER, "a/%s/%a", 1, 0, 0 },
	{ INV_ROSTER, "o/%h", 0, 0, 0 },
	{ INV_ROSTER, "h/%s/%i", 4, 0, 0 },
	{ INV_LAST, "wave", 0, 1, WAVE_NAME_MAX },
	{ INV_LAST, "p/%i", 0, 1, UNIT_ID_MAX },
	{ INV_OPTOUT_KNOWN, "%h", 0, 0, 0 },
	{ INV_PUBLISHED, "publication", 0, 1, TEXT_MAX },
	{ INV_PUBLISHED, "sense/%k", 2, 0, 0 },
	{ INV_PUBLISHED, "unit/%6", 0, 1, TEXT_MAX },
	{ INV_PUBLISHED, "figure/%6/%k", 0, 1, TEXT_MAX },
	{ INV_PUBLISHED, "comments", 4, 0, 0 },
	{ INV_PUBLISHED, "comment/%6/%6", 0, 1, COMMENT_BYTES },
	{ INV_WAVE, "wave", 0, 1, TEXT_MAX },
	{ INV_WAVE, "comments", 2, 0, 0 },
	{ INV_WAVE, "langs", 0, 1, TEXT_MAX },
	{ INV_WAVE, "stem", 0, 1, TEXT_MAX },
	{ INV_WAVE, "ballot", 0, CRYPT_KEY, CRYPT_KEY },
	{ INV_WAVE, "item/%2", 0, 1, TEXT_MAX },
	{ INV_WAVE, "unit/%6", 5, 0, 0 },
};

/* What a letter behind % stands for; most 0: up to any length. */
static const struct {
	char		 letter;
	const char	*set;	/* NULL: anything printable */
	size_t		 least, most;
} classes[] = {
	{ 'w', LOWER DIGITS "-", 1, WAVE_NAME_MAX },
	{ 's', LOWER DIGITS "-", 1, SURVEY_NAME_MAX },
	{ 't', BASE32, 2, 2 },
	{ 'h', BASE32, OPTOUT_HASH_LEN, OPTOUT_HASH_LEN },
	{ 'k', LOWER, 1, 32 },
	{ 'i', LOWER UPPER DIGITS "._-", 1, 64 },
	{ 'a', NULL, 3, 320 },
	{ 'n', DIGITS, 1, 9 },
	{ '2', DIGITS, 2, 2 },
	{ '4', DIGITS, 4, 5 },
	{ '6', DIGITS, 6, 7 },
};

static size_t
span(const char *set, const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && (set != NULL ? s[n] != '\0' &&
	    strchr(set, s[n]) != NULL : (unsigned char)s[n] >= ' '))
		n++;
	return n;
}

/* The longest piece of s that letter stands for; 0: none. */
static size_t
take(char letter, const char *s, size_t len)
{
	size_t i, n;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].letter != letter)
			continue;
		n = span(classes[i].set, s, len);
		if (n > classes[i].most)
			n = classes[i].most;
		return n >= classes[i].least ? n : 0;
	}
	return 0;
}

static bool
is_sense(const char *s, size_t len)
{
	int k;

	for (k = 0; k < SENSE__MAX; k++)
		if (strlen(sense_key((enum sense)k)) == len &&
		    memcmp(sense_key((enum sense)k), s, len) == 0)
			return true;
	return false;
}

static void
note(struct inventory_place *p, char letter, const char *s, size_t n)
{
	size_t i;

	if (letter == 'w') {
		memcpy(p->wave, s, n);
		p->wave[n] = '\0';
	}
	for (i = 0, p->box = letter == '4' ? 0 : p->box; letter == '4' &&
	    i < n; i++)
		p->box = p->box * 10 + (unsigned int)(s[i] - '0');
}

/* True if all of s is as the pattern says; fills wave and box of p. */
static bool
matches(const char *pattern, const char *s, size_t len,
    struct inventory_place *p)
{
	size_t n;

	for (; *pattern != '\0'; pattern++, s += n, len -= n) {
		n = 1;
		if (*pattern != '%') {
			if (len == 0 || *s != *pattern)
				return false;
			continue;
		}
		if ((n = take(*++pattern, s, len)) == 0)
			return false;
		if (*pattern == 'k' && !is_sense(s, n))
			return false;
		note(p, *pattern, s, n);
	}
	return len == 0 && (p->wave[0] == '\0' || wave_name_valid(p->wave));
}

static bool
find(const char *path, size_t len, struct inventory_place *out)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		memset(out, 0, sizeof(*out));
		if (!matches(files[i].pattern, path, len, out))
			continue;
		out->file = &files[i].file;
		return true;
	}
	return false;
}

bool
inventory_find(const char *path, struct inventory_place *out)
{
	size_t len = strlen(path);

	if (find(path, len, out))
		return true;
	if (len <= 4 || strcmp(path + len - 4, ".new") != 0 ||
	    !find(path, len - 4, out) || out->file->dir)
		return false;
	out->leftover = true;
	return true;
}

bool
inventory_transient(enum inventory_kind k)
{
	return k >= INV_KEY_TOKEN;
}

bool
inventory_has_records(enum inventory_kind k)
{
	size_t i;

	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		if (records[i].kind == k)
			return true;
	return false;
}

/* Fields have a NUL behind each; 0 if the last one has none. */
static unsigned int
count_fields(const char *value, size_t len)
{
	unsigned int	n = 0;
	size_t		i;

	if (len == 0 || value[len - 1] != '\0')
		return 0;
	for (i = 0; i < len; i++)
		n += value[i] == '\0';
	return n;
}

bool
inventory_record(enum inventory_kind k, const char *key, size_t keylen,
    const char *value, size_t len)
{
	struct inventory_place	p;
	unsigned int		fields = count_fields(value, len);
	size_t			i;

	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		if (records[i].kind != k)
			continue;
		memset(&p, 0, sizeof(p));
		if (!matches(records[i].pattern, key, keylen, &p))
			continue;
		if (records[i].fields != 0 ? fields == records[i].fields :
		    len >= records[i].least && len <= records[i].most)
			return true;
	}
	return false;
}
