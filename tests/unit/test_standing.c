/*
 * test_standing.c - what is owed, from what the ledger tells: STANDARDS M12,
 * M13, M18, R3 and SCORING 2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/standing.h"

#define T0	1796000000	/* a second in 2026 */
#define STEPS	10

struct step {
	unsigned char event, kind, slot;
};

/* Short names, so that a history stays one line. */
#define TRY(k, s)	{ MAIL_ATTEMPT, k, s }
#define END(e, k, s)	{ MAIL_##e, k, s }
#define ASK		{ MAIL_AGAIN, MAIL_REPEAT, 0 }

static const struct {
	const char	*name;
	struct step	 step[STEPS];	/* ends at event 0 */
	int		 due, owed;
	bool		 unreachable;
} cases[] = {
	{ "nothing due, nothing owed", { { 0, 0, 0 } }, -1, -1, false },
	{ "an invitation is owed at first", { { 0, 0, 0 } }, 0, 0, false },
	{ "M18: nothing more once it is sent",
	    { TRY(0, 0), END(SENT, 0, 0) }, 0, -1, false },
	{ "M18: then the first reminder, when that is due",
	    { TRY(0, 0), END(SENT, 0, 0) }, 1, 1, false },
	{ "M18: one of each reminder",
	    { TRY(0, 0), END(SENT, 0, 0), TRY(1, 1), END(SENT, 1, 1) },
	    1, -1, false },
	{ "M18: the second after the first",
	    { TRY(0, 0), END(SENT, 0, 0), TRY(1, 1), END(SENT, 1, 1) },
	    2, 2, false },
	{ "a reminder that was slept over is not made up for",
	    { TRY(0, 0), END(SENT, 0, 0) }, 2, 2, false },
	{ "M18: who never got the invitation gets it instead",
	    { { 0, 0, 0 } }, 1, 0, false },
	{ "M18: and then not the reminder too",
	    { TRY(0, 1), END(SENT, 0, 1) }, 1, -1, false },
	{ "but the second reminder",
	    { TRY(0, 1), END(SENT, 0, 1) }, 2, 2, false },

	{ "M12: a temporary refusal leaves it owed",
	    { TRY(0, 0), END(TEMPORARY, 0, 0) }, 0, 0, false },
	{ "M12: a permanent refusal ends all, the person's",
	    { TRY(0, 0), END(REFUSED_PERSON, 0, 0) }, 1, -1, true },
	{ "M12: the soft one too",
	    { TRY(0, 0), END(REFUSED_SOFT, 0, 0) }, 0, -1, true },
	{ "M12: the unclear one too",
	    { TRY(0, 0), END(REFUSED_UNCLEAR, 0, 0) }, 0, -1, true },
	{ "ours: as if never attempted",
	    { TRY(0, 0), END(RETURNED, 0, 0) }, 0, 0, false },

	{ "M13: an attempt without an end is repeated",
	    { TRY(0, 0) }, 0, 0, false },
	{ "M13: also when the relay went silent",
	    { TRY(0, 0), END(UNCERTAIN, 0, 0) }, 0, 0, false },
	{ "M13: but then only once",
	    { TRY(0, 0), END(UNCERTAIN, 0, 0), TRY(0, 0),
	    END(UNCERTAIN, 0, 0) }, 0, -1, false },
	{ "M13: a second crash loses nobody either",
	    { TRY(0, 0), TRY(0, 0) }, 0, 0, false },
	{ "M13: nor does a crash after a silence",
	    { TRY(0, 0), END(UNCERTAIN, 0, 0), TRY(0, 0) }, 0, 0, false },
	{ "a mailer that dies of one mail does not send it for ever",
	    { TRY(0, 0), TRY(0, 0), TRY(0, 0), TRY(0, 0), TRY(0, 0),
	    TRY(0, 0), TRY(0, 0), TRY(0, 0) }, 0, -1, false },
	{ "M13: a repetition that was put off is not the one",
	    { TRY(0, 0), END(UNCERTAIN, 0, 0), TRY(0, 0),
	    END(TEMPORARY, 0, 0) }, 0, 0, false },
	{ "M13: after two silences comes the reminder",
	    { TRY(0, 0), END(UNCERTAIN, 0, 0), TRY(0, 0),
	    END(UNCERTAIN, 0, 0) }, 1, 1, false },
	{ "M13: and the invitation never again",
	    { TRY(0, 0), END(UNCERTAIN, 0, 0), TRY(0, 0),
	    END(UNCERTAIN, 0, 0), TRY(1, 1), END(TEMPORARY, 1, 1) },
	    1, 1, false },
	{ "M13: an uncertain reminder is repeated once",
	    { TRY(0, 0), END(SENT, 0, 0), TRY(1, 1) }, 1, 1, false },

	{ "SCORING 2: sent once, refused later: was reached",
	    { TRY(0, 0), END(SENT, 0, 0), TRY(1, 1),
	    END(REFUSED_PERSON, 1, 1) }, 2, -1, false },
	{ "SCORING 2: perhaps sent, then refused: was reached",
	    { TRY(0, 0), TRY(0, 0), END(REFUSED_PERSON, 0, 0) },
	    0, -1, false },
	{ "SCORING 2: put off, then refused: was not reached",
	    { TRY(0, 0), END(TEMPORARY, 0, 0), TRY(0, 0),
	    END(REFUSED_PERSON, 0, 0) }, 0, -1, true },
	{ "SCORING 2: never attempted: counts as reached",
	    { { 0, 0, 0 } }, 0, 0, false },

	{ "M18: whoever asks gets it once more",
	    { TRY(0, 0), END(SENT, 0, 0), ASK }, 0, 3, false },
	{ "M18: and once only",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0), END(SENT, 3, 0) },
	    0, -1, false },
	{ "M18: asking again brings it again",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0), END(SENT, 3, 0),
	    ASK }, 0, 3, false },
	{ "M18: the reminder comes in its time",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0), END(SENT, 3, 0) },
	    1, 1, false },
	{ "but not on its heels",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 1), END(SENT, 3, 1) },
	    1, -1, false },
	{ "what is asked for goes before a reminder",
	    { TRY(0, 0), END(SENT, 0, 0), ASK }, 1, 3, false },
	{ "M14: nothing asked for goes after the closing",
	    { TRY(0, 0), END(SENT, 0, 0), ASK }, -1, -1, false },
	{ "M12: what is asked for can be put off",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0),
	    END(TEMPORARY, 3, 0) }, 0, 3, false },
	{ "ours: what is asked for is still owed",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0),
	    END(RETURNED, 3, 0) }, 0, 3, false },
	{ "M13: what is asked for is repeated after a crash",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0) }, 0, 3, false },
	{ "M13: after a silence, once",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0),
	    END(UNCERTAIN, 3, 0), TRY(3, 0), END(UNCERTAIN, 3, 0) },
	    0, -1, false },
	{ "M13: and then comes the reminder",
	    { TRY(0, 0), END(SENT, 0, 0), ASK, TRY(3, 0),
	    END(UNCERTAIN, 3, 0), TRY(3, 0), END(UNCERTAIN, 3, 0),
	    TRY(1, 1), END(TEMPORARY, 1, 1) }, 1, 1, false },
	{ "two silences end nothing that is asked for later",
	    { TRY(0, 0), END(UNCERTAIN, 0, 0), TRY(0, 0),
	    END(UNCERTAIN, 0, 0), ASK }, 0, 3, false },
	{ "a refused person who asks gets one more attempt",
	    { TRY(0, 0), END(REFUSED_PERSON, 0, 0), ASK }, 1, 3, true },
	{ "SCORING 2: and counts as reached if it arrives",
	    { TRY(0, 0), END(REFUSED_PERSON, 0, 0), ASK, TRY(3, 0),
	    END(SENT, 3, 0) }, 1, 1, false },
	{ "SCORING 2: else not",
	    { TRY(0, 0), END(REFUSED_PERSON, 0, 0), ASK, TRY(3, 0),
	    END(REFUSED_SOFT, 3, 0) }, 1, -1, true },
	{ "SCORING 2: what was put off reached nobody",
	    { TRY(0, 0), END(REFUSED_PERSON, 0, 0), ASK, TRY(3, 0),
	    END(RETURNED, 3, 0) }, 1, 3, true },
	{ "SCORING 2: perhaps sent, asked for and refused: was reached",
	    { TRY(0, 0), ASK, TRY(3, 0), END(REFUSED_PERSON, 3, 0) },
	    0, -1, false },
};

static bool
say(struct standings *s, size_t who, unsigned char event, unsigned char kind,
    unsigned char slot, int64_t when)
{
	struct mail_record r = { .who = who, .when = when, .kind = kind,
	    .slot = slot, .event = event };

	return standings_apply(s, who, &r);
}

static void
test_owed(void **state)
{
	struct standings	 s;
	const struct step	*p;
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		standings_init(&s, 3);
		for (p = cases[i].step; p->event != 0; p++)
			assert_true(say(&s, 1, p->event, p->kind, p->slot,
			    T0));
		assert_int_equal(standing_owed(&s.of[1], cases[i].due),
		    cases[i].owed);
		assert_int_equal(standing_unreachable(&s.of[1]),
		    cases[i].unreachable);

		/* the neighbours were not touched */
		assert_int_equal(standing_owed(&s.of[0], 0), 0);
		assert_int_equal(standing_owed(&s.of[2], 0), 0);
		standings_wipe(&s);
	}
}

static void
test_delay(void **state)
{
	struct standings	s;
	int64_t			wait, before, first[100];
	int			try, who, differ = 0;

	(void)state;
	print_message("  M12: 30 minutes, doubling, at most a quarter more\n");
	standings_init(&s, 100);
	for (who = 0; who < 100; who++) {
		for (try = 0; try < 6; try++) {
			before = s.of[who].retry;
			say(&s, (size_t)who, MAIL_ATTEMPT, 0, 0, T0);
			say(&s, (size_t)who, MAIL_RETURNED, 0, 0, T0);
			assert_int_equal(s.of[who].retry, before);
			say(&s, (size_t)who, MAIL_ATTEMPT, 0, 0, T0);
			say(&s, (size_t)who, MAIL_TEMPORARY, 0, 0, T0);
			wait = s.of[who].retry - T0;
			assert_in_range(wait, 1800 << try,
			    (1800 << try) * 5 / 4);
			if (try == 0)
				first[who] = wait;
		}
		differ += who > 0 && first[who] != first[who - 1];
	}
	print_message("  M12: with jitter, so that not all come at once\n");
	assert_true(differ > 90);
	standings_wipe(&s);
}

/* n mails to the people from `from` on, all sent or all refused. */
static size_t
mail(struct standings *s, size_t from, size_t n, bool refused)
{
	size_t i;

	for (i = from; i < from + n; i++) {
		say(s, i, MAIL_ATTEMPT, 0, 0, T0);
		say(s, i, refused ? MAIL_REFUSED_UNCLEAR : MAIL_SENT, 0, 0,
		    T0);
	}
	return from + n;
}

static void
test_storm_row(void **state)
{
	struct standings	s;
	struct mail_record	pause = { .event = MAIL_PAUSED,
				    .code = PAUSE_STORM };
	size_t			at, i;

	(void)state;
	print_message("  R3: 20 refusals in a row are a storm, 19 are not\n");
	standings_init(&s, 1000);
	at = mail(&s, 0, 19, true);
	assert_false(standings_storm(&s));
	at = mail(&s, at, 1, false);
	at = mail(&s, at, 19, true);
	assert_false(standings_storm(&s));
	at = mail(&s, at, 1, true);
	assert_true(standings_storm(&s));
	assert_int_equal(s.refused, 39);

	print_message("  7.1: the storm's refusals are taken back, and all "
	    "are still owed their mail\n");
	assert_true(standings_apply(&s, 0, &pause));
	assert_true(s.paused);
	assert_int_equal(s.refused, 0);
	for (i = 0; i < at; i++)
		assert_int_equal(standing_owed(&s.of[i], 0), i == 19 ? -1 : 0);
	assert_false(standings_storm(&s));

	print_message("  a pause that was asked for takes nothing back\n");
	mail(&s, 500, 3, true);
	pause.code = PAUSE_ASKED;
	assert_true(standings_apply(&s, 0, &pause));
	assert_int_equal(s.refused, 3);
	pause.event = MAIL_RESUMED;
	assert_true(standings_apply(&s, 0, &pause));
	assert_false(s.paused);
	standings_wipe(&s);
}

static void
test_storm_share(void **state)
{
	struct standings	s;
	size_t			at = 0, i;

	(void)state;
	print_message("  R3: 40 refusals of the last 200 are a storm\n");
	standings_init(&s, 1000);
	for (i = 0; i < 39; i++) {
		at = mail(&s, at, 1, true);
		at = mail(&s, at, 4, false);
	}
	assert_false(standings_storm(&s));
	mail(&s, at, 1, true);
	assert_true(standings_storm(&s));
	standings_wipe(&s);

	print_message("  R3: 39 of the last 200 are none, ever so long\n");
	standings_init(&s, 1000);
	for (at = i = 0; i < 150; i++) {
		at = mail(&s, at, 1, true);
		at = mail(&s, at, 5, false);
		assert_false(standings_storm(&s));
	}
	standings_wipe(&s);
}

/* One who asked, among the refusals of a storm. */
static void
test_storm_asked(void **state)
{
	struct standings	s;
	struct mail_record	pause = { .event = MAIL_PAUSED,
				    .code = PAUSE_STORM };

	(void)state;
	print_message("  R3: a storm does not end what was asked for\n");
	standings_init(&s, 100);
	mail(&s, 0, 1, false);
	say(&s, 0, MAIL_AGAIN, MAIL_REPEAT, 0, T0);
	say(&s, 0, MAIL_ATTEMPT, MAIL_REPEAT, 0, T0);
	say(&s, 0, MAIL_REFUSED_UNCLEAR, MAIL_REPEAT, 0, T0);
	assert_int_equal(standing_owed(&s.of[0], 0), -1);
	mail(&s, 1, 19, true);
	assert_true(standings_storm(&s));
	assert_int_equal(s.refused, 20);
	assert_true(standings_apply(&s, 0, &pause));
	assert_int_equal(standing_owed(&s.of[0], 0), MAIL_REPEAT);
	assert_int_equal(s.of[0].again, 1);
	assert_int_equal(s.refused, 0);
	standings_wipe(&s);
}

/*
 * What status counts moves by the same, whoever of these people asks: one who
 * was reached, one whom a reminder did not reach, one of whom nobody knows.
 * The last two can only be people who had not answered.
 */
static void
test_asking_tells_nothing(void **state)
{
	static const unsigned char ends[] = {
		MAIL_SENT, MAIL_REFUSED_PERSON, MAIL_TEMPORARY, MAIL_UNCERTAIN
	};
	struct standings	s;
	uint64_t		refused, unsure;
	size_t			end, who;

	(void)state;
	print_message("  no count tells who was reminded\n");
	for (end = 0; end < sizeof(ends); end++) {
		standings_init(&s, 3);
		mail(&s, 0, 3, false);
		say(&s, 1, MAIL_ATTEMPT, 1, 1, T0);
		say(&s, 1, MAIL_REFUSED_SOFT, 1, 1, T0);
		say(&s, 2, MAIL_ATTEMPT, 1, 1, T0);
		for (who = 0; who < 3; who++) {
			refused = s.refused;
			unsure = standing_uncertain(&s.of[who]);
			assert_false(standing_awaits(&s.of[who]));
			say(&s, who, MAIL_AGAIN, MAIL_REPEAT, 0, T0);
			assert_int_equal(standing_owed(&s.of[who], 2),
			    MAIL_REPEAT);
			say(&s, who, MAIL_ATTEMPT, MAIL_REPEAT, 2, T0);
			say(&s, who, ends[end], MAIL_REPEAT, 2, T0);
			assert_int_equal(s.refused - refused,
			    ends[end] == MAIL_REFUSED_PERSON);
			assert_int_equal(standing_uncertain(&s.of[who]) -
			    unsure, ends[end] == MAIL_UNCERTAIN);
			assert_int_equal(s.repeated, 0);
		}
		assert_int_equal(s.sent[MAIL_REPEAT],
		    ends[end] == MAIL_SENT ? 3 : 0);
		standings_wipe(&s);
	}
}

/* Of whom sensectl resend says that there is nothing to do. */
static void
test_awaits(void **state)
{
	struct standings s;

	(void)state;
	print_message("  the invitation goes by itself, and cannot have "
	    "arrived\n");
	standings_init(&s, 6);
	assert_true(standing_awaits(&s.of[0]));
	say(&s, 1, MAIL_ATTEMPT, 0, 0, T0);
	assert_false(standing_awaits(&s.of[1]));
	say(&s, 1, MAIL_TEMPORARY, 0, 0, T0);
	assert_true(standing_awaits(&s.of[1]));
	mail(&s, 2, 1, false);
	mail(&s, 3, 1, true);
	say(&s, 4, MAIL_AGAIN, MAIL_REPEAT, 0, T0);
	say(&s, 5, MAIL_ATTEMPT, 0, 0, T0);
	say(&s, 5, MAIL_UNCERTAIN, 0, 0, T0);
	assert_false(standing_awaits(&s.of[2]));
	assert_false(standing_awaits(&s.of[3]));
	assert_false(standing_awaits(&s.of[4]));
	assert_false(standing_awaits(&s.of[5]));

	print_message("  M14: a mail that was asked for keeps its time\n");
	assert_int_equal(s.of[4].retry, T0);
	say(&s, 4, MAIL_ATTEMPT, MAIL_REPEAT, 0, T0 + 60);
	assert_int_equal(s.of[4].retry, T0);
	assert_int_equal(s.of[4].tries, 1);
	standings_wipe(&s);
}

static void
test_foreign(void **state)
{
	struct standings s;

	(void)state;
	print_message("  a recipient, kind or event not ours is told\n");
	standings_init(&s, 2);
	assert_false(say(&s, 2, MAIL_SENT, 0, 0, T0));
	assert_false(say(&s, 1, MAIL_SENT, MAIL_KIND__MAX, 0, T0));
	assert_false(say(&s, 2, MAIL_AGAIN, MAIL_REPEAT, 0, T0));
	assert_false(say(&s, 1, MAIL_SENT, 0, 3, T0));
	assert_false(say(&s, 1, 0, 0, 0, T0));
	assert_false(say(&s, 1, MAIL_EVENT__MAX, 0, 0, T0));
	assert_int_equal(standing_owed(&s.of[1], 0), 0);

	print_message("  M14: the newest time of all records is kept\n");
	assert_true(say(&s, 1, MAIL_ATTEMPT, 0, 0, T0 + 9));
	assert_true(say(&s, 0, MAIL_ATTEMPT, 0, 0, T0 + 5));
	assert_int_equal(s.newest, T0 + 9);
	standings_wipe(&s);
}

static void
test_totals(void **state)
{
	struct standings s;

	(void)state;
	print_message("  sent by kind, refused, put off, repeated\n");
	standings_init(&s, 10);
	mail(&s, 0, 3, false);
	mail(&s, 3, 2, true);
	say(&s, 0, MAIL_ATTEMPT, 1, 1, T0);
	say(&s, 0, MAIL_SENT, 1, 1, T0);
	say(&s, 6, MAIL_ATTEMPT, 0, 0, T0);
	say(&s, 6, MAIL_TEMPORARY, 0, 0, T0);
	say(&s, 7, MAIL_ATTEMPT, 0, 0, T0);
	say(&s, 7, MAIL_ATTEMPT, 0, 0, T0);
	assert_int_equal(s.sent[0], 3);
	assert_int_equal(s.sent[1], 1);
	assert_int_equal(s.sent[2], 0);
	assert_int_equal(s.refused, 2);
	assert_int_equal(s.temporary, 1);
	assert_int_equal(s.repeated, 1);
	standings_wipe(&s);
}

/* M14: only what says so counts as being at work, never a mail. */
static void
test_awake(void **state)
{
	struct mail_record	r = { .when = T0, .event = MAIL_ATTEMPT };
	struct standings	s;

	(void)state;
	standings_init(&s, 1);
	assert_int_equal(s.finished, -1);
	assert_true(standings_apply(&s, 0, &r));
	assert_int_equal(s.awake, 0);
	r.when = T0 + 1;
	r.event = MAIL_AWAKE;
	assert_true(standings_apply(&s, 0, &r));
	assert_int_equal(s.awake, T0 + 1);
	r.when = T0 + 2;
	r.event = MAIL_PAUSED;
	assert_true(standings_apply(&s, 0, &r));
	assert_int_equal(s.awake, T0 + 1);
	r.when = T0 + 3;
	r.event = MAIL_RESUMED;
	assert_true(standings_apply(&s, 0, &r));
	assert_int_equal(s.awake, T0 + 3);
	r.event = MAIL_FINISHED;
	r.slot = 2;
	assert_true(standings_apply(&s, 0, &r));
	assert_int_equal(s.finished, 2);
	assert_int_equal(standing_owed(&s.of[0], 1), 0);
	standings_wipe(&s);
}

static void
test_counts(void **state)
{
	struct standings s;

	(void)state;
	print_message("  a repeat that did not go is none\n");
	standings_init(&s, 1);
	say(&s, 0, MAIL_ATTEMPT, 0, 0, T0);
	say(&s, 0, MAIL_ATTEMPT, 0, 0, T0);
	assert_int_equal(s.repeated, 1);
	say(&s, 0, MAIL_RETURNED, 0, 0, T0);
	assert_int_equal(s.repeated, 0);
	assert_int_equal(standing_uncertain(&s.of[0]), 1);
	say(&s, 0, MAIL_ATTEMPT, 0, 0, T0);
	say(&s, 0, MAIL_SENT, 0, 0, T0);
	assert_int_equal(s.repeated, 1);
	assert_int_equal(standing_uncertain(&s.of[0]), 1);
	print_message("  SCORING 9.4: a reminder leaves what is uncertain\n");
	say(&s, 0, MAIL_ATTEMPT, MAIL_REMINDER, 1, T0);
	say(&s, 0, MAIL_SENT, MAIL_REMINDER, 1, T0);
	assert_int_equal(standing_uncertain(&s.of[0]), 1);
	standings_wipe(&s);
}

static const struct {
	const char	*name;
	unsigned char	 event;
	unsigned int	 code;
	int64_t		 away;		/* seconds after T0; -1: no */
} ends[] = {
	{ "a relay that takes mail is not away", MAIL_SENT, 250, -1 },
	{ "no session, and the time of it is kept", MAIL_TEMPORARY, 0, 1 },
	{ "the next try finds none either", MAIL_TEMPORARY, 0, 1 },
	{ "an attempt alone tells nothing", MAIL_ATTEMPT, 0, 1 },
	{ "a mail that goes ends it", MAIL_SENT, 250, -1 },
	{ "away again", MAIL_TEMPORARY, 0, 5 },
	{ "a relay that puts off is there", MAIL_TEMPORARY, 450, -1 },
	{ "away once more", MAIL_TEMPORARY, 0, 7 },
	{ "one that took the bytes is there", MAIL_UNCERTAIN, 0, -1 },
	{ "and again", MAIL_TEMPORARY, 0, 9 },
	{ "a refusal comes from one", MAIL_REFUSED_PERSON, 550, -1 },
	{ "away a fourth time", MAIL_TEMPORARY, 0, 11 },
	{ "what did not go asked none", MAIL_RETURNED, 0, 11 },
	{ "one that refuses us is there", MAIL_RETURNED, 535, -1 },
	{ "for the last time", MAIL_TEMPORARY, 0, 14 },
	{ "whoever resumes has come", MAIL_RESUMED, 0, -1 },
};

static void
test_away(void **state)
{
	struct mail_record	r = { .when = T0 };
	struct standings	s;
	size_t			i;

	(void)state;
	standings_init(&s, 1);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		print_message("  %s\n", ends[i].name);
		r.event = ends[i].event;
		r.code = ends[i].code;
		assert_true(standings_apply(&s, 0, &r));
		assert_int_equal(s.away, ends[i].away == -1 ? 0 :
		    T0 + ends[i].away);
		r.when++;
	}
	standings_wipe(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owed),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_storm_row),
		cmocka_unit_test(test_storm_share),
		cmocka_unit_test(test_storm_asked),
		cmocka_unit_test(test_asking_tells_nothing),
		cmocka_unit_test(test_awaits),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_awake),
		cmocka_unit_test(test_away),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
