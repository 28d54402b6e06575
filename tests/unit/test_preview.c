/*
 * test_preview.c - the made-up organisation, and what can be previewed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/page.h"
#include "core/sample.h"
#include "core/token.h"
#include "io/preview.h"
#include "rendered.h"

static void
core_items(struct question_set *q)
{
	int s;

	memset(q, 0, sizeof(*q));
	for (s = 0; s < SENSE__MAX; s++) {
		memcpy(q->item[s].key, sense_key((enum sense)s),
		    strlen(sense_key((enum sense)s)) + 1);
		q->item[s].version = 1;
		assert_true(item_place(&q->item[s]));
	}
	q->n = SENSE__MAX;
}

/* Whatever k is, the same units are shown, and the hidden one is. */
static void
the_sample_looks_alike_for_every_smallest_group(void **state)
{
	struct question_set	q;
	struct sample_input	in = { .organisation = "Taf", .survey =
				    "staff", .questions = &q, .open_days = 14,
				    .opened = 1790000000 };
	struct sample		s;
	struct err		e;
	const struct pub_unit	*u;

	(void)state;
	core_items(&q);
	for (in.k = GROUP_MIN; in.k <= GROUP_MAX; in.k++)
		for (in.protect = PROTECT_SUPPRESS;
		    in.protect <= PROTECT_CARRY; in.protect++) {
			if (sample_make(&s, &in, &e) != ERR_OK)
				fail_msg("k %u: %s", in.k, e.msg);
			u = s.now.unit;
			assert_string_equal(u[0].name, "Taf");
			assert_int_equal(u[0].status, UNIT_PUBLISHED);
			assert_int_equal(u[s.unit[SAMPLE_INNER]].status,
			    UNIT_PUBLISHED);
			assert_int_equal(u[s.unit[SAMPLE_TEAM]].status,
			    UNIT_PUBLISHED);
			assert_int_equal(u[s.unit[SAMPLE_HIDDEN]]
			    .shown_instead, s.unit[SAMPLE_INNER]);
			assert_int_equal(u[s.unit[SAMPLE_TEAM]]
			    .sense[SENSE_FULFILMENT].change,
			    CHANGE_CLEAR_FALL);
			assert_int_not_equal(s.none.unit[0].status,
			    UNIT_PUBLISHED);
			sample_wipe(&s);
		}
}

/* By hand: North, 14 answers, fulfilment 4 5 3 2 0: 17 of 56 points. */
static void
the_sample_is_counted_as_it_is_written(void **state)
{
	struct question_set	q;
	struct sample_input	in = { .organisation = "Taf", .survey =
				    "staff", .questions = &q, .k = 10 };
	struct sample		s;
	struct err		e;
	const struct figure	*f;
	int			 i;

	(void)state;
	core_items(&q);
	assert_int_equal(sample_make(&s, &in, &e), ERR_OK);
	f = s.now.unit[s.unit[SAMPLE_TEAM]].sense;
	for (i = 0; i < SENSE__MAX; i++) {
		assert_int_equal(f[i].n, 14);
		assert_int_equal(s.now.unit[0].sense[i].n, 53);
		assert_int_equal(s.before[3].unit[0].sense[i].n, 53);
	}
	assert_int_equal(f[SENSE_FULFILMENT].sum, 17);
	assert_int_equal(f[SENSE_FULFILMENT].score, 30);
	assert_true(s.before[3].opened == -364 * 86400);
	sample_wipe(&s);
}

/* Links that are of the form, so that they look right, and nobody's. */
static void
sample_links_have_the_form(void **state)
{
	struct link	l;
	char		hash[OPTOUT_HASH_LEN + 1];

	(void)state;
	assert_true(link_parse(sample_link, strlen(sample_link), &l));
	assert_true(optout_hash(hash, sample_optout, strlen(sample_optout)));
	assert_non_null(strstr(sample_link, "sample"));
	assert_non_null(strstr(sample_optout, "sample"));
}

static size_t
meant(const char *word)
{
	const struct preview_kind	*k = NULL;
	size_t				 n = 0;

	while ((k = preview_next(k)) != NULL)
		n += preview_means(k, word);
	return n;
}

static void
a_word_means_its_kind_and_what_begins_with_it(void **state)
{
	(void)state;
	assert_int_equal(meant("form"), 2);
	assert_int_equal(meant("change"), 2);
	assert_int_equal(meant("digest"), 4);
	assert_int_equal(meant("error"), 7);
	assert_int_equal(meant("digest-hidden"), 1);
	assert_int_equal(meant("dig"), 0);
	assert_int_equal(meant(""), 0);
	assert_true(meant("all") > 20);
}

/* Every page and every mail there is has a kind, and the list names it. */
static void
nothing_that_people_get_is_left_out(void **state)
{
	static const char *const all[] = { "invitation", "reminder", "form",
	    "form-picked", "thanks", "change", "change-form", "digest",
	    "digest-team", "digest-hidden", "digest-none", "staff-copy",
	    "optout", "optout-done", "privacy", "help", "error-form",
	    "error-picked", "error-code", "error-used", "error-link",
	    "error-request", "error-busy" };
	char	*list = template_text("preview_kind"), *flag;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (meant(all[i]) == 0)
			fail_msg("%s cannot be previewed", all[i]);
		flag = mem_fmt("{{#%s}}", all[i]);
		while (strchr(flag, '-') != NULL)
			*strchr(flag, '-') = '_';
		assert_has(list, flag);
		free(flag);
	}
	free(list);
	/* the pages of core/page.h but health, which is for a machine */
	assert_int_equal(PAGE__MAX, 12);
}

#define CASE(f)	cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_sample_looks_alike_for_every_smallest_group),
		CASE(the_sample_is_counted_as_it_is_written),
		CASE(sample_links_have_the_form),
		CASE(a_word_means_its_kind_and_what_begins_with_it),
		CASE(nothing_that_people_get_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
