/*
 * test_letters.c - the mails of a wave, on real files: STANDARDS M2 and M18.
 *
 * Of two people one has answered; each mail is made for both.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/box.h"
#include "core/token.h"
#include "io/boxfile.h"
#include "io/letters.h"
#include "io/list.h"
#include "io/state.h"
#include "organisation.h"
#include "rendered.h"
#include "staffroster.h"

#define TAG	5
#define NAME	"staff-2026q4"
#define ID_MAX	128

enum { ANSWERED, SILENT, PEOPLE };

static const char *const	ids[PEOPLE] = { "a1", "a2" };
static const unsigned char	key[CRYPT_KEY] = "the token key of this wave";
static struct wave		wave;
static struct letters		*letters;
static struct err		err;

static void
make_list(void)
{
	struct list_person	 p = { .box = 0, .lang = 0 };
	struct list		*l;
	char			*path = state_path(scratch_dir, STATE_LIST,
				    NAME);
	uint32_t		 i;

	assert_int_equal(list_create(path, key, PEOPLE, &l, &err), ERR_OK);
	for (i = 0; i < PEOPLE; i++) {
		snprintf(p.id, sizeof(p.id), "%s", ids[i]);
		assert_int_equal(list_put(l, i, &p, &err), ERR_OK);
	}
	assert_int_equal(list_finish(&l, 1, &err), ERR_OK);
	free(path);
}

static void
make_box(void)
{
	static const unsigned char	answer[ITEMS_MAX] = { 3 };
	unsigned char			token[TOKEN_LEN], pub[CRYPT_KEY];
	unsigned char			code[TOKEN_LEN] = { 1 }, sec[CRYPT_KEY];
	const struct box_given		given = { answer, NULL, pub };
	const struct seat		seat = { .unit = 0 };
	enum box_verdict		verdict;
	struct box			b;
	char				*path;
	int				 i;

	path = state_answers(scratch_dir, TAG, NAME);
	assert_int_equal(file_mkdir(path, 0770, &err), ERR_OK);
	free(path);
	path = state_boxes(scratch_dir, TAG, NAME);
	assert_int_equal(file_mkdir(path, 0770, &err), ERR_OK);
	free(path);
	crypt_keypair(pub, sec);
	box_init(&b);
	for (i = PEOPLE - 1; i >= 0; i--) {
		token_make(token, key, ids[i]);
		box_add_token(&b, token, &seat);
	}
	assert_int_equal(box_answer(&b, token, code, &given, &verdict, &err),
	    ERR_OK);
	assert_int_equal(verdict, BOX_RECORDED);
	path = state_box(scratch_dir, TAG, NAME, 0);
	assert_int_equal(boxfile_commit(path, &b, &err), ERR_OK);
	free(path);
	box_wipe(&b);
}

static int
start(void **state)
{
	if (staffroster_make(state) != 0)
		return -1;
	must_import("staff", units, people);
	conf.templates = source_path("templates");
	conf.site = conf.survey[0].site = organisation();
	wave_init(&wave);
	memcpy(wave.name, NAME, sizeof(NAME));
	memcpy(wave.survey, "staff", sizeof("staff"));
	wave.tag = TAG;
	wave.state = WAVE_OPEN;
	wave.k = 10;
	wave.langs = (struct langs){ 1, { "en" } };
	wave.questions = six_questions(1);
	wave.people = PEOPLE;
	wave.boxes = 1;
	make_list();
	make_box();
	return letters_open(&conf, &wave, key, 1, 1, &letters, &err) == ERR_OK ?
	    0 : -1;
}

static int
end(void **state)
{
	letters_close(&letters);
	free(conf.templates);
	return scratch_remove(state);
}

/* Makes the mail of a job; false: there is none, since they have answered. */
static bool
make(struct pool_job job, struct smtp_mail *mail)
{
	enum letters_skip	skip;
	enum err_code		rc;

	rc = letters_make(letters, 0, &job, mail, &skip, &err);
	if (rc == ERR_OK)
		return true;
	assert_int_equal(rc, ERR_ABSENT);
	assert_int_equal(skip, SKIP_ANSWERED);
	return false;
}

static const struct {
	const char	*name;
	unsigned char	 kind, attempt;
	bool		 asks;	/* nobody who has answered gets it */
} cases[] = {
	{ "an invitation goes", MAIL_FIRST, 1, false },
	{ "and a second time only without an answer", MAIL_FIRST, 2, true },
	{ "so does a reminder", MAIL_REMINDER, 1, true },
	{ "and the other", MAIL_REMINDER_2, 1, true },
	{ "what was asked for goes whoever has answered", MAIL_REPEAT, 1,
	    false },
	{ "also when it was put off", MAIL_REPEAT, 2, false },
	{ "and ever so often", MAIL_REPEAT, 9, false },
};

static void
test_who_is_mailed(void **state)
{
	struct pool_job		job = { .again = 1 };
	struct smtp_mail	mail;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  M18: %s\n", cases[i].name);
		job.kind = cases[i].kind;
		job.attempt = cases[i].attempt;
		job.who = SILENT;
		assert_true(make(job, &mail));
		job.who = ANSWERED;
		assert_int_equal(make(job, &mail), !cases[i].asks);
	}
}

/* What stands behind `before` in a mail to a person without an answer. */
static void
find(char out[ID_MAX], const char *before, unsigned char kind,
    unsigned char again, unsigned char attempt)
{
	const struct pool_job	 job = { .who = SILENT, .kind = kind,
				    .attempt = attempt, .again = again };
	struct smtp_mail	 mail;
	char			*data;
	const char		*p;

	assert_true(make(job, &mail));
	data = mem_dup(mail.data, mail.len);
	p = strstr(data, before);
	assert_non_null(p);
	p += strlen(before);
	snprintf(out, ID_MAX, "%.*s", (int)strcspn(p, ">\r\n"), p);
	free(data);
}

static void
test_message_ids(void **state)
{
	static const struct {
		unsigned char kind, again;
	} mails[] = {
		{ MAIL_FIRST, 0 }, { MAIL_REMINDER, 0 }, { MAIL_REMINDER_2, 0 },
		{ MAIL_REPEAT, 1 }, { MAIL_REPEAT, 2 }, { MAIL_REPEAT, 31 },
		{ MAIL_REMINDER, 1 }
	};
	char	id[7][ID_MAX], retry[ID_MAX];
	size_t	i, k;

	(void)state;
	print_message("  M2: unique per person, kind and asking, the same in "
	    "every retry\n");
	for (i = 0; i < 7; i++) {
		find(id[i], "Message-ID: <", mails[i].kind, mails[i].again, 1);
		find(retry, "Message-ID: <", mails[i].kind, mails[i].again, 5);
		assert_string_equal(retry, id[i]);
		for (k = 0; k < i && i < 6; k++)
			assert_string_not_equal(id[k], id[i]);
	}
	assert_string_equal(id[6], id[1]);	/* it was asked for or not */
}

static void
test_link(void **state)
{
	static const char	url[] = "https://pulse.taf.example/a/";
	char			first[ID_MAX], again[ID_MAX];

	(void)state;
	print_message("  M18: the same link\n");
	find(first, url, MAIL_FIRST, 0, 1);
	find(again, url, MAIL_REPEAT, 1, 1);
	assert_int_equal(strlen(first) >= LINK_LEN, 1);
	assert_memory_equal(first, again, LINK_LEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_is_mailed),
		cmocka_unit_test(test_message_ids),
		cmocka_unit_test(test_link),
	};

	return cmocka_run_group_tests_name("letters", tests, start, end);
}
