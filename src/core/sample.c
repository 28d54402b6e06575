/*
 * sample.c - a made-up organisation with made-up figures, for previews.
 *
 * The numbers below are invented.  They are chosen so that a preview has
 * something of everything: a fall and a rise, a sense to talk about, a hidden
 * unit, a masked figure, every kind of detail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/sample.h"

#define UNITS		6
#define EVERY		10	/* people of the table for so large a k */
#define APART		(91 * (int64_t)86400)	/* two waves */

/* Base32 for sixteen bytes that are zero but in one place: a random secret is
 * not like that, and tag and box are the first ones. */
const char sample_link[] = "aaaaasamplesamplesamplesampleaa";
const char sample_optout[] = "samplesamplesamplesampleaa";

/* Answers 1 to 5 of each sense. */
typedef unsigned char answers_of[SENSE__MAX][5];

static const struct cell {
	const char	*id, *parent, *name;
	unsigned int	 invited, responses;
	answers_of	 now, last;
} cells[UNITS] = {
	{ "all", "", NULL, 0, 0, { { 0 } }, { { 0 } } },
	{ "community", "all", "Community services", 8, 6,
	    { { 0, 1, 1, 3, 1 }, { 0, 1, 2, 2, 1 }, { 0, 0, 1, 3, 2 },
	    { 0, 0, 1, 3, 2 }, { 1, 2, 2, 1, 0 }, { 0, 1, 1, 3, 1 } },
	    { { 0, 1, 2, 2, 1 }, { 0, 1, 2, 2, 1 }, { 0, 0, 2, 3, 1 },
	    { 0, 0, 1, 3, 2 }, { 0, 1, 1, 3, 1 }, { 0, 1, 2, 2, 1 } } },
	{ "north", "community", "North team", 18, 14,
	    { { 0, 1, 2, 7, 4 }, { 1, 2, 4, 5, 2 }, { 0, 0, 1, 6, 7 },
	    { 0, 1, 1, 7, 5 }, { 4, 5, 3, 2, 0 }, { 1, 2, 3, 6, 2 } },
	    { { 2, 3, 4, 4, 1 }, { 1, 2, 4, 5, 2 }, { 0, 1, 2, 6, 5 },
	    { 0, 1, 2, 7, 4 }, { 0, 1, 3, 6, 4 }, { 1, 2, 4, 5, 2 } } },
	{ "south", "community", "South team", 16, 12,
	    { { 0, 1, 2, 6, 3 }, { 0, 2, 3, 5, 2 }, { 0, 0, 2, 6, 4 },
	    { 0, 0, 0, 4, 8 }, { 1, 3, 3, 4, 1 }, { 0, 2, 3, 5, 2 } },
	    { { 0, 2, 3, 5, 2 }, { 0, 2, 3, 5, 2 }, { 0, 1, 2, 5, 4 },
	    { 0, 0, 2, 5, 5 }, { 0, 2, 3, 5, 2 }, { 0, 2, 3, 5, 2 } } },
	{ "west", "community", "West team", 9, 4,
	    { { 0, 0, 1, 2, 1 }, { 0, 1, 1, 1, 1 }, { 0, 0, 1, 2, 1 },
	    { 0, 0, 1, 2, 1 }, { 1, 1, 1, 1, 0 }, { 0, 1, 1, 1, 1 } },
	    { { 0, 0, 1, 2, 1 }, { 0, 1, 1, 1, 1 }, { 0, 0, 1, 2, 1 },
	    { 0, 0, 1, 2, 1 }, { 0, 1, 1, 1, 1 }, { 0, 1, 1, 1, 1 } } },
	{ "east", "all", "East hospital", 22, 17,
	    { { 0, 2, 3, 8, 4 }, { 1, 2, 5, 6, 3 }, { 0, 1, 3, 8, 5 },
	    { 0, 1, 2, 9, 5 }, { 1, 2, 4, 7, 3 }, { 0, 2, 4, 8, 3 } },
	    { { 1, 2, 4, 7, 3 }, { 1, 3, 5, 6, 2 }, { 0, 1, 4, 7, 5 },
	    { 0, 1, 3, 8, 5 }, { 1, 2, 4, 7, 3 }, { 1, 2, 4, 7, 3 } } },
};

static const char *const places[SAMPLE__MAX] = {
	[SAMPLE_ROOT] = "all",
	[SAMPLE_INNER] = "community",
	[SAMPLE_TEAM] = "north",
	[SAMPLE_HIDDEN] = "west",
};

/* Everybody answers the further items of a sense as they do its core item. */
static void
count_answers(struct counts *c, const struct cell *cell, answers_of answers,
    const unsigned int scale[SENSE__MAX], unsigned int times)
{
	struct tally	*t;
	uint64_t	 n, y;
	int		 s, i;

	c->responses = (uint64_t)cell->responses * times;
	for (s = 0; s < SENSE__MAX; s++)
		for (i = 0; i < 5; i++) {
			t = &c->sense[s];
			n = (uint64_t)answers[s][i] * times;
			y = (uint64_t)i * scale[s] / 4;
			t->n += n;
			t->sum += n * y;
			t->square += n * y * y;
			t->c[i] += n;
		}
}

static enum err_code
plant(struct tree *t, const char *organisation, unsigned int times,
    struct err *e)
{
	enum err_code	rc = ERR_OK;
	unsigned int	line;
	size_t		i;

	tree_init(t);
	for (i = 0; i < UNITS && rc == ERR_OK; i++)
		rc = tree_add(t, cells[i].id, cells[i].parent,
		    cells[i].name != NULL ? cells[i].name : organisation,
		    cells[i].invited * times, 0, e);
	return rc == ERR_OK ? tree_finish(t, &line, e) : rc;
}

/* Waves before the last: so many answers of a sense less, or more. */
static const signed char shifts[SAMPLE_BEFORE - 1][SENSE__MAX] = {
	{ -1, 0, 0, 0, 1, 0 }, { -2, 1, -1, 0, 1, 1 }, { -1, 1, -1, -1, 0, 1 },
};

/* Moves answers between 4 and its neighbours, as far as there are any. */
static void
shift(unsigned char c[5], int by)
{
	for (; by > 0 && c[3] > 0; by--) {
		c[3]--;
		c[4]++;
	}
	for (; by < 0 && c[3] > 0; by++) {
		c[3]--;
		c[2]++;
	}
}

/* Of a wave so far back; 0 is now. */
static void
answers_in(answers_of a, const struct cell *cell, int back)
{
	int s;

	memcpy(a, back == 0 ? cell->now : cell->last, sizeof(cell->now));
	for (s = 0; back > 1 && s < SENSE__MAX; s++)
		shift(a[s], shifts[back - 2][s]);
}

#define NOBODY	(-1)	/* a wave in which too few answered */

/* One wave; its cells stand in the order of the tree. */
static enum err_code
publish(struct publication *p, struct publication_input *pub,
    const struct sample_input *in, int back, unsigned int times,
    struct err *e)
{
	struct counts	*count = mem_zero(UNITS, sizeof(*count));
	answers_of	 a;
	enum err_code	 rc;
	size_t		 i;

	for (i = 0; i < UNITS && back != NOBODY; i++) {
		answers_in(a, &cells[i], back);
		count_answers(&count[tree_find(pub->tree, cells[i].id)],
		    &cells[i], a, pub->scale, times);
	}
	pub->cell = count;
	rc = publication_make(p, pub, e);
	free(count);
	if (rc != ERR_OK)
		return rc;
	p->opened = in->opened - (back > 0 ? back : 0) * APART;
	p->closed = p->opened + in->open_days * (int64_t)86400;
	memcpy(p->survey, in->survey, strlen(in->survey) + 1);
	memcpy(p->wave, in->survey, strlen(in->survey) + 1);
	return ERR_OK;
}

/* The oldest first: each is compared with the one before it. */
static enum err_code
publish_all(struct sample *s, struct publication_input *pub,
    const struct sample_input *in, unsigned int times, struct err *e)
{
	enum err_code	rc;
	int		back;

	rc = publish(&s->none, pub, in, NOBODY, times, e);
	for (back = SAMPLE_BEFORE; back > 0 && rc == ERR_OK; back--) {
		rc = publish(&s->before[back - 1], pub, in, back, times, e);
		pub->last = &s->before[back - 1];
	}
	return rc == ERR_OK ? publish(&s->now, pub, in, 0, times, e) : rc;
}

/* In the language of whoever wrote them, as real ones are. */
static const char *const remarks[] = {
	"The weekend handover works much better since the spring.",
	"We hear of changes when they have happened. A word before would help.",
	"Mae'r t\xc3\xaem yn groesawgar iawn i bobl newydd.",
	"Thank you for the quiet room.",
	"The rota comes out too late to plan anything at home.",
};

static void
write_comments(struct sample *s)
{
	size_t i;

	for (i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
		comments_add(&s->comments, s->unit[SAMPLE_INNER], remarks[i]);
}

enum err_code
sample_make(struct sample *s, const struct sample_input *in, struct err *e)
{
	const unsigned int	 times = (in->k + EVERY - 1) / EVERY;
	struct publication_input pub = { .k = in->k, .protect = in->protect };
	struct tree		 t;
	enum err_code		 rc;
	int			 i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < SENSE__MAX; i++) {
		pub.scale[i] = question_scale(in->questions, (enum sense)i);
		question_wording(in->questions, (enum sense)i, pub.wording[i]);
	}
	pub.tree = &t;
	rc = plant(&t, in->organisation, times, e);
	for (i = 0; i < SAMPLE__MAX && rc == ERR_OK; i++)
		s->unit[i] = tree_find(&t, places[i]);
	if (rc == ERR_OK)
		rc = publish_all(s, &pub, in, times, e);
	if (rc == ERR_OK)
		write_comments(s);
	tree_wipe(&t);
	return rc;
}

void
sample_wipe(struct sample *s)
{
	int i;

	comments_wipe(&s->comments);
	publication_wipe(&s->now);
	publication_wipe(&s->none);
	for (i = 0; i < SAMPLE_BEFORE; i++)
		publication_wipe(&s->before[i]);
}
