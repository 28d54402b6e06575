/*
 * test_trend.c - which earlier scores may stand beside those of now.
 *
 * SCORING 8.  Each case is worked by hand: the waves from now backwards, a
 * letter each for unit T1 (see `enum` below), and the scores that may be shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "digestcase.h"
#include "mailhtml.h"

#define EARLIER_MAX	10

/*
 * s: shown, and steady (two thirds of its people were there the wave before);
 * m: shown, but its members changed; h: hidden, steady; x: hidden, changed;
 * -: not in the tree.  Case: as s, but from here back other protection (P) or
 * another wording of purpose (W) than in the wave after.
 */
static const struct {
	const char	*name, *waves;
	const char	*purpose;	/* scores shown, latest first */
	const char	*security;
} cases[] = {
	{ "no wave before", "s", "", "" },
	{ "each wave follows from the one before", "sss", "1 2", "1 2" },
	{ "members changed in this wave", "mss", "", "" },
	{ "members changed in the last wave", "sms", "1", "1" },
	{ "a hidden wave is a gap", "shs", "- 2", "- 2" },
	{ "two hidden waves are two gaps", "shhs", "- - 3", "- - 3" },
	{ "a gap with nothing behind it is none", "sh", "", "" },
	{ "nor behind scores", "ssh", "1", "1" },
	{ "members changed in a hidden wave", "sxs", "", "" },
	{ "a unit that was not there ends it", "s-s", "", "" },
	{ "another wording ends its own sense alone", "ssWs", "1", "1 2 3" },
	{ "another protection ends all", "ssPs", "1", "1" },
	{ "seven waves before, and no more", "ssssssssss", "1 2 3 4 5 6 7",
	    "1 2 3 4 5 6 7" },
	{ "now hidden: counted all the same", "hss", "1 2", "1 2" },
};

static struct publication	earlier[EARLIER_MAX];
static struct trend		trend;

static void
set_wave(struct publication *p, const char *waves, size_t at)
{
	struct pub_unit	*u = &p->unit[U_T1];
	size_t		 i;
	int		 s;

	u->status = strchr("hx", waves[at]) != NULL ? UNIT_HIDDEN :
	    UNIT_PUBLISHED;
	u->steady = strchr("mx", waves[at]) == NULL;
	if (waves[at] == '-')
		snprintf(u->id, sizeof(u->id), "T9");
	for (s = 0; s < SENSE__MAX; s++) {
		u->sense[s].score = (int)at * 10;
		p->scale[s] = 4;
		snprintf(p->wording[s], sizeof(p->wording[s]), "x:1");
	}
	for (i = 0; i <= at; i++)
		if (waves[i] == 'P')
			p->protect = PROTECT_CARRY;
		else if (waves[i] == 'W')
			snprintf(p->wording[SENSE_PURPOSE],
			    sizeof(p->wording[SENSE_PURPOSE]), "x:2");
}

static void
make_trend(const char *waves)
{
	size_t i, n = strlen(waves);

	set_wave(&pub, waves, 0);
	trend_init(&trend, &pub);
	for (i = 1; i < n; i++) {
		earlier[i] = example2();
		set_wave(&earlier[i], waves, i);
		earlier[i].opened = 1000 - (int64_t)i;
		trend_add(&trend, &earlier[i]);
		example2_free(&earlier[i]);	/* nothing of it is kept */
	}
	digest.trend = &trend;
	for (i = 0; i < TREND_MAX - 1; i++)
		digest.trend_opened[i] = (struct civil){ 2026 - (int)i, 7, 14,
		    2, 9, 0, 0, 60 };
}

/* "1 - 3": whole scores, latest first, a dash for a gap. */
static char *
series(enum sense s)
{
	struct figure	f;
	struct buf	b;
	size_t		i, n = trend_length(&trend, U_T1, s);

	buf_init(&b, 100);
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(&b, ' ');
		if (trend_shown(&trend, i, U_T1, s, &f))
			buf_addf(&b, "%d", f.score / 10);
		else
			buf_addc(&b, '-');
	}
	return buf_take(&b);
}

static void
check_case(size_t i)
{
	char *purpose, *security;

	make_trend(cases[i].waves);
	purpose = series(SENSE_PURPOSE);
	security = series(SENSE_SECURITY);
	print_message("  %s\n", cases[i].name);
	assert_string_equal(purpose, cases[i].purpose);
	assert_string_equal(security, cases[i].security);
	free(purpose);
	free(security);
	trend_wipe(&trend);
}

static void
a_series_goes_back_as_far_as_waves_may_be_compared(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check_case(i);
		assert_int_equal(tear_down(state), 0);
		assert_int_equal(set_up(state), 0);
	}
}

/* CONTENT 10, 9: the oldest first, gaps said, in text and in HTML. */
static void
a_digest_shows_it_oldest_first(void **state)
{
	char *text, *html, *plain;

	(void)state;
	make_trend("ssWhs");
	pub.unit[U_T1].sense[SENSE_BELONGING].score = 70;
	text = text_part();
	html = part("digest.html", ESCAPE_HTML);

	plain = without_tags(html);
	assert_has(text, "\nScores over time:\n"
	    "- Security: 4.0, –, 2.0, 1.0, 0.0\n"
	    "- Continuity: 4.0, –, 2.0, 1.0, 0.0\n"
	    "- Belonging: 4.0, –, 2.0, 1.0, 7.0\n"
	    "- Purpose: –, –, –, 1.0, 0.0\n");
	assert_has(text, "\nOldest first: July 2023, July 2024, July 2025, "
	    "July 2026, October 2026.\nA dash: not shown then,");
	assert_has(plain, "Oldest first: July 2023, July 2024,");
	assert_int_equal(count_of(html, "<th scope=\"col\""), 5);
	assert_int_equal(count_of(html, "<th scope=\"row\""), 6);
	mail_html_check(html);
	digest.member = true;
	free(text);
	text = text_part();
	assert_lacks(text, "Scores over time");
	free(plain);
	free(html);
	free(text);
	trend_wipe(&trend);
}

static void
without_an_earlier_score_it_shows_none(void **state)
{
	char *text;

	(void)state;
	make_trend("mss");
	text = text_part();
	assert_lacks(text, "Scores over time");
	free(text);
	trend_wipe(&trend);
}

/* SCORING 7.2: what is cut is cut here too. */
static void
a_clipped_score_stays_clipped(void **state)
{
	struct figure f;

	(void)state;
	last.unit[U_T1].sense[SENSE_SECURITY].score = 98;
	last.unit[U_T1].sense[SENSE_SECURITY].clip = CLIP_HIGH;
	pub.unit[U_T1].steady = true;
	trend_init(&trend, &pub);
	trend_add(&trend, &last);
	assert_true(trend_shown(&trend, 0, U_T1, SENSE_SECURITY, &f));
	assert_int_equal(f.clip, CLIP_HIGH);
	trend_wipe(&trend);
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_series_goes_back_as_far_as_waves_may_be_compared),
		CASE(a_digest_shows_it_oldest_first),
		CASE(without_an_earlier_score_it_shows_none),
		CASE(a_clipped_score_stays_clipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
