/*
 * test_digestfigure.c - how a digest shows figures, in text and in HTML.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/digestfigure.h"
#include "core/shown.h"
#include "digestcase.h"
#include "samenumbers.h"

static void
a_masked_sense_says_so(void **state)
{
	char *text;

	(void)state;
	digest.unit = U_T7;
	text = text_part();
	assert_has(text, "\nContinuity: 3.5 (range not shown)\n"
	    "- under 20 % favourable\n");
	assert_has(text, "Where nearly all answers were alike");
	free(text);
	pub.unit[U_T7].sense[SENSE_CONTINUITY].clip = CLIP_LOW;
	pub.unit[U_T7].sense[SENSE_SECURITY].clip = CLIP_HIGH;
	pub.unit[U_T7].sense[SENSE_SECURITY].masked = true;
	pub.unit[U_T7].sense[SENSE_SECURITY].fav_kind = FAV_OVER;
	text = text_part();
	assert_has(text, "\nContinuity: 0.5 or less (range not shown)\n");
	assert_has(text, "\nSecurity: 9.5 or more (range not shown)\n"
	    "- over 80 % favourable\n");
	free(text);
}

static void
where_everyone_answered_there_is_no_range(void **state)
{
	struct figure	*f = &pub.unit[U_T1].sense[SENSE_SECURITY];
	char		*text;

	(void)state;
	f->everyone = true;
	f->lo = f->hi = f->score;
	f->fav_lo = f->fav_hi = f->fav;
	text = text_part();
	assert_has(text, "\nSecurity: 8.4 (everyone answered)\n"
	    "- 79 % favourable\n");
	free(text);
}

static void
bands_stand_where_the_detail_allows(void **state)
{
	static const int	five[] = { 8, 14, 24, 32, 22 };
	struct figure		*f = &pub.unit[U_D1].sense[SENSE_BELONGING];
	char			*text;

	(void)state;
	digest.unit = U_D1;
	f->split = true;
	text = text_part();
	assert_has(text, "- 52 % favourable [42 to 61], 22 % neither, "
	    "26 % unfavourable; views are split\n");
	free(text);
	f->has_five = true;
	memcpy(f->five, five, sizeof(five));
	text = text_part();
	assert_has(text, "- 52 % favourable [42 to 61]; views are split\n"
	    "- 22 % strongly agree, 32 % agree, 24 % neither, 14 % disagree, "
	    "8 % strongly disagree\n");
	free(text);
}

static void
change_is_told_in_words_and_figures(void **state)
{
	static const struct {
		enum change_word	 word;
		int			 tenths;
		const char		*shown;
	} cases[] = {
		{ CHANGE_CLEAR_RISE, 20, "\n- clear rise (+2.0)\n" },
		{ CHANGE_POSSIBLE_RISE, 6, "\n- possible rise (+0.6)\n" },
		{ CHANGE_NO_CLEAR, 0, "\n- no clear change (0.0)\n" },
		{ CHANGE_POSSIBLE_FALL, -16, "\n- possible fall (-1.6)\n" },
		{ CHANGE_CLEAR_FALL, -32, "\n- clear fall (-3.2)\n" },
	};
	struct figure	*f = &pub.unit[U_T1].sense[SENSE_PURPOSE];
	char		*text;
	size_t		 i;

	(void)state;
	f->has_change_figure = true;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f->change = cases[i].word;
		f->change_tenths = cases[i].tenths;
		text = text_part();
		assert_has(text, cases[i].shown);
		free(text);
	}
	f->change = CHANGE_INCOMPARABLE;
	f->has_change_figure = false;
	text = text_part();
	assert_has(text, "\n- no earlier figure to compare\n");
	free(text);
}

static void
the_organisation_is_compared_in_words(void **state)
{
	static const struct {
		enum org_word	 word;
		const char	*shown;
	} cases[] = {
		{ ORG_CLEAR_ABOVE, "against the organisation: clear above\n" },
		{ ORG_POSSIBLE_ABOVE, "organisation: possible above\n" },
		{ ORG_POSSIBLE_BELOW, "organisation: possible below\n" },
		{ ORG_CLEAR_BELOW, "organisation: clear below\n" },
	};
	char	*text;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pub.unit[U_T1].sense[SENSE_BELONGING].vs_org = cases[i].word;
		text = text_part();
		assert_has(text, cases[i].shown);
		free(text);
	}
	digest.unit = U_ORG;
	text = text_part();
	assert_lacks(text, "against the organisation");
	free(text);
}

/* M6, M15, M16. */
static void
text_and_html_hold_the_same_numbers(void **state)
{
	uint32_t	i;
	int		s;

	(void)state;
	digest.last = &last;
	for (i = 0; i < U__MAX; i++) {
		digest.unit = i;
		check_equal_numbers(SIDE_BYTES);
	}
	pub.unit[U_T3].shown_instead = UNIT_NONE;
	digest.unit = U_T3;
	check_equal_numbers(SIDE_BYTES);
	digest.unit = U_ORG;
	give_change(&pub.unit[U_ORG]);
	for (s = 0; s < SENSE__MAX; s++)
		pub.unit[U_ORG].sense[s].has_five = true;
	check_equal_numbers(SIDE_BYTES);
	digest.member = true;
	check_equal_numbers(SIDE_BYTES);
}

/* A flat organisation: many units, long names, all that a sense can show. */
static void
fill_flat(struct publication *p, uint32_t n)
{
	const struct pub_unit	*t1 = &pub.unit[U_T1];
	uint32_t		 i;

	p->k = 10;
	p->n = n;
	p->unit = mem_zero(n, sizeof(*p->unit));
	for (i = 0; i < n; i++) {
		p->unit[i] = *t1;
		p->unit[i].end = i == 0 ? n : i + 1;
		p->unit[i].name = mem_fmt("A unit with a rather long name, "
		    "in words and numbers, the %04u", i);
	}
}

/* M15, also for the root of a flat organisation. */
static void
a_long_list_of_units_is_cut(void **state)
{
	struct publication	 flat = { 0 };
	char			*html, *text;

	(void)state;
	give_change(&pub.unit[U_T1]);
	fill_flat(&flat, 85);
	digest.pub = &flat;
	digest.unit = 0;
	rendered_lang = "cy";
	html = part("digest.html", ESCAPE_HTML);
	mail_html_check(html);
	print_message("  in Welsh: %zu bytes\n", strlen(html));
	assert_true(strlen(html) < SIDE_BYTES);
	free(html);
	rendered_lang = "en";
	html = part("digest.html", ESCAPE_HTML);
	text = text_part();
	print_message("  in English: %zu bytes\n", strlen(html));
	assert_true(strlen(html) < SIDE_BYTES);
	assert_int_equal(count_of(text, "\n- A unit with"), 12);
	assert_has(text, "\nListed: 12 of 84.\n");
	free(text);
	free(html);
	example2_free(&flat);
}

/* H4 and M16: names are text, whatever they hold. */
static void
markup_in_a_units_name_is_escaped(void **state)
{
	/* counted in it, its own, and above it */
	static const uint32_t	readers[] = { U_T2, U_D1, U_ORG };
	char			*html;
	size_t			 i;

	(void)state;
	free(pub.unit[U_D1].name);
	pub.unit[U_D1].name = mem_str("</title><script>\"x\" & 'y'");
	for (i = 0; i < 3; i++) {
		digest.unit = readers[i];
		html = part("digest.html", ESCAPE_HTML);
		mail_html_check(html);
		assert_lacks(html, "<script");
		assert_has(html, "&lt;/title&gt;&lt;script&gt;&quot;x&quot; "
		    "&amp; ");
		free(html);
	}
}

static unsigned long
bar_width(const struct view *root, const char *kind)
{
	const struct view	*cell, *bar = view_get(root, "bar", 3);
	unsigned long		 sum = 0;

	for (cell = view_first(bar); cell != NULL; cell = view_next(cell))
		if (kind == NULL ||
		    view_true(view_get(cell, kind, strlen(kind))))
			sum += mail_number(view_string(
			    view_get(cell, "width", 5)));
	return sum;
}

static void
bars_fill_their_width_and_mark_the_range(void **state)
{
	static const struct {
		int		score, lo, hi;
		enum clip	clip;
		bool		masked;
		unsigned long	sure, likely, mark, rest;
	} cases[] = {
		{ 66, 57, 75, CLIP_NONE, false, 57, 16, 2, 25 },
		{ 35, 0, 0, CLIP_NONE, true, 34, 0, 2, 64 },
		{ 99, 0, 0, CLIP_HIGH, true, 94, 4, 2, 0 },
		{ 1, 0, 0, CLIP_LOW, true, 0, 4, 2, 94 },
		{ 94, 90, 100, CLIP_NONE, false, 90, 8, 2, 0 },
		{ 6, 0, 20, CLIP_NONE, false, 0, 18, 2, 80 },
		{ 50, 50, 50, CLIP_NONE, false, 49, 0, 2, 49 },
	};
	struct figure	 f;
	struct view	*v;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f = (struct figure){ .score = cases[i].score,
		    .lo = cases[i].lo, .hi = cases[i].hi,
		    .clip = cases[i].clip, .masked = cases[i].masked };
		v = view_new();
		figure_view(v, SENSE_PURPOSE, &f);
		assert_int_equal(bar_width(v, NULL), 100);
		assert_int_equal(bar_width(v, "sure"), cases[i].sure);
		assert_int_equal(bar_width(v, "likely"), cases[i].likely);
		assert_int_equal(bar_width(v, "mark"), cases[i].mark);
		assert_int_equal(bar_width(v, "rest"), cases[i].rest);
		view_free(v);
	}
}

static void
tenths_are_written_with_one_decimal(void **state)
{
	static const struct {
		int		 tenths;
		const char	*plain, *moved;
	} cases[] = {
		{ 61, "6.1", "+6.1" }, { 100, "10.0", "+10.0" },
		{ 0, "0.0", "0.0" }, { -13, "-1.3", "-1.3" },
		{ -3, "-0.3", "-0.3" }, { 5, "0.5", "+0.5" },
	};
	struct buf	b;
	size_t		i;

	(void)state;
	buf_init(&b, 32);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		shown_tenths(&b, cases[i].tenths);
		assert_string_equal(buf_str(&b), cases[i].plain);
		buf_reset(&b);
		shown_signed(&b, cases[i].tenths);
		assert_string_equal(buf_str(&b), cases[i].moved);
	}
	buf_wipe(&b);
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_masked_sense_says_so),
		CASE(where_everyone_answered_there_is_no_range),
		CASE(bands_stand_where_the_detail_allows),
		CASE(change_is_told_in_words_and_figures),
		CASE(the_organisation_is_compared_in_words),
		CASE(text_and_html_hold_the_same_numbers),
		CASE(a_long_list_of_units_is_cut),
		CASE(markup_in_a_units_name_is_escaped),
		CASE(bars_fill_their_width_and_mark_the_range),
		CASE(tenths_are_written_with_one_decimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
