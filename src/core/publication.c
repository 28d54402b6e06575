/*
 * publication.c - what one wave tells, for the whole tree at once.
 *
 * Joins suppress.c, which decides what may be shown, and score.c, which works
 * the figures out.  A figure is always a sum of atoms: cells are added to the
 * unit whose atom takes them in, atoms are added up the tree.  So nothing that
 * suppress.c left out can get into a figure, in either mode.
 *
 * The check of the finished publication stands apart, in audit.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/publication.h"
#include "core/score.h"
#include "core/suppress.h"

#define THREE	2	/* times k answers for detail three, SCORING 7.6 */
#define FIVE	5

/* Sums while a publication is made; one value a unit. */
struct sums {
	struct suppression	 main;
	struct answers		*answers;	/* of the cell */
	struct counts		*shown;		/* counted in the figures */
	uint64_t		*shown_invited;	/* N of section 7 */
	uint64_t		*responses;	/* whole subtree */
	uint32_t		*above;		/* nearest published ancestor */
	const struct pub_unit	**last;		/* last wave's units, by id */
};

static enum err_code
check_input(const struct publication_input *in, struct err *e)
{
	uint32_t i;

	if (in->k < GROUP_MIN || in->k > GROUP_MAX)
		return err_set(e, ERR_INPUT, "smallest group %u; expected %d"
		    " to %d", in->k, GROUP_MIN, GROUP_MAX);
	for (i = 0; i < in->tree->n; i++)
		if (in->cell[i].responses > in->tree->unit[i].invited)
			return err_set(e, ERR_INPUT, "unit %s: more responses"
			    " than the %u invited people",
			    in->tree->unit[i].id, in->tree->unit[i].invited);
	return ERR_OK;
}

static void
copy_units(struct publication *p, const struct publication_input *in)
{
	const struct unit	*u;
	struct pub_unit		*v;
	uint32_t		 i;

	p->n = in->tree->n;
	p->unit = mem_zero(p->n, sizeof(*p->unit));
	p->cells = mem_zero(p->n, sizeof(*p->cells));
	for (i = 0; i < p->n; i++) {
		u = &in->tree->unit[i];
		v = &p->unit[i];
		memcpy(v->id, u->id, sizeof(v->id));
		v->name = mem_str(u->name);
		v->parent = u->parent;
		v->end = u->end;
		v->shown_instead = UNIT_NONE;
	}
}

static void
add_counts(struct counts *to, const struct counts *c)
{
	struct tally		*t;
	const struct tally	*x;
	int			 s, i;

	to->responses += c->responses;
	for (s = 0; s < SENSE__MAX; s++) {
		t = &to->sense[s];
		x = &c->sense[s];
		t->n += x->n;
		t->sum += x->sum;
		t->square += x->square;
		for (i = 0; i < 5; i++)
			t->c[i] += x->c[i];
	}
}

static void
sum_up(struct publication *p, struct sums *w,
    const struct publication_input *in)
{
	uint32_t i, home, parent;

	for (i = 0; i < p->n; i++) {
		w->responses[i] = in->cell[i].responses;
		p->unit[i].invited = in->tree->unit[i].invited;
		if ((home = w->main.home[i]) == UNIT_NONE)
			continue;
		add_counts(&w->shown[home], &in->cell[i]);
		w->shown_invited[home] += in->tree->unit[i].invited;
	}
	for (i = p->n; i-- > 1; ) {
		parent = p->unit[i].parent;
		w->responses[parent] += w->responses[i];
		p->unit[parent].invited += p->unit[i].invited;
		add_counts(&w->shown[parent], &w->shown[i]);
		w->shown_invited[parent] += w->shown_invited[i];
	}
}

/* From rosters alone, so that a hidden unit may have it too. */
static void
find_steady(struct publication *p, const struct publication_input *in)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		p->unit[i].steady = in->last != NULL && (!in->know_stayed ||
		    3 * (uint64_t)in->tree->unit[i].stayed >=
		    2 * p->unit[i].invited);
}

/* Who may be shown, and which published unit stands next above whom. */
static enum err_code
decide(struct publication *p, struct sums *w,
    const struct publication_input *in, struct err *e)
{
	enum err_code	rc;
	uint32_t	i, parent;
	int		s;

	for (i = 0; i < p->n; i++)
		for (s = 0; s < SENSE__MAX; s++)
			w->answers[i].n[s] = in->cell[i].sense[s].n;
	if ((rc = suppress_run(&w->main, in->tree, w->answers, in->k,
	    in->protect, e)) != ERR_OK)
		return rc;
	w->above[0] = UNIT_NONE;
	for (i = 0; i < p->n; i++) {
		p->unit[i].status = w->main.status[i];
		p->unit[i].atom_min = w->main.atom_min[i];
		if (i == 0)
			continue;
		parent = p->unit[i].parent;
		w->above[i] = w->main.status[parent] == UNIT_PUBLISHED ?
		    parent : w->above[parent];
	}
	return ERR_OK;
}

/* 7.6 under `suppress`: the units that would be shown at times * k too. */
static enum err_code
raise_detail(struct publication *p, const struct sums *w,
    const struct publication_input *in, unsigned int times,
    enum detail detail, struct err *e)
{
	struct suppression	more;
	enum err_code		rc;
	uint32_t		i;

	rc = suppress_run(&more, in->tree, w->answers, times * in->k,
	    PROTECT_SUPPRESS, e);
	for (i = 0; rc == ERR_OK && i < p->n; i++)
		if (p->unit[i].status == UNIT_PUBLISHED &&
		    more.status[i] == UNIT_PUBLISHED)
			p->unit[i].detail = detail;
	suppress_wipe(&more);
	return rc;
}

static enum err_code
choose_detail(struct publication *p, const struct sums *w,
    const struct publication_input *in, struct err *e)
{
	enum err_code	rc;
	int		s;

	if (in->protect == PROTECT_CARRY) {
		for (s = 0; s < SENSE__MAX; s++)
			if (w->shown[0].sense[s].n < THREE * in->k)
				return ERR_OK;
		p->unit[0].detail = DETAIL_THREE;
		return ERR_OK;
	}
	rc = raise_detail(p, w, in, THREE, DETAIL_THREE, e);
	if (rc == ERR_OK)
		rc = raise_detail(p, w, in, FIVE, DETAIL_FIVE, e);
	return rc;
}

static int
compare_last(const void *a, const void *b)
{
	const struct pub_unit *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static void
sort_last(struct sums *w, const struct publication *last)
{
	uint32_t i;

	if (last == NULL)
		return;
	w->last = mem_zero(last->n, sizeof(*w->last));
	for (i = 0; i < last->n; i++)
		w->last[i] = &last->unit[i];
	qsort(w->last, last->n, sizeof(*w->last), compare_last);
}

/* The unit's figures of the last wave, if section 8 lets them be compared. */
static const struct pub_unit *
comparable(const struct pub_unit *u, const struct sums *w,
    const struct publication_input *in)
{
	const struct pub_unit *const *found;

	if (in->last->n == 0 || in->last->protect != in->protect || !u->steady)
		return NULL;
	found = bsearch(&u, w->last, in->last->n, sizeof(*w->last),
	    compare_last);
	if (found == NULL || (*found)->status != UNIT_PUBLISHED)
		return NULL;
	return *found;
}

static void
compare_figures(struct pub_unit *u, const struct pub_unit *before,
    const struct publication_input *in)
{
	const struct publication	*last = in->last;
	int				 s;

	for (s = 0; s < SENSE__MAX; s++)
		if (before != NULL && in->scale[s] == last->scale[s] &&
		    strcmp(in->wording[s], last->wording[s]) == 0)
			score_change(&u->sense[s], &before->sense[s],
			    in->scale[s]);
		else
			u->sense[s].change = CHANGE_INCOMPARABLE;
}

static void
fill_published(struct publication *p, const struct sums *w,
    const struct publication_input *in, uint32_t i)
{
	struct pub_unit	*u = &p->unit[i];
	int		 s;

	u->responses = w->shown[i].responses;
	u->rate = score_rate(w->responses[i], u->invited);
	u->low_rate = score_rate_is_low(w->responses[i], u->invited);
	u->partial = w->responses[i] > u->responses;
	for (s = 0; s < SENSE__MAX; s++) {
		score_figure(&u->sense[s], &w->shown[i].sense[s],
		    in->scale[s], w->shown_invited[i], u->detail);
		if (i > 0 && p->unit[0].status == UNIT_PUBLISHED)
			u->sense[s].vs_org = score_vs_org(&u->sense[s],
			    &p->unit[0].sense[s], in->scale[s]);
	}
	if (in->last != NULL)
		compare_figures(u, comparable(u, w, in), in);
}

/*
 * Section 6.  A hidden unit goes whole into one home, or nowhere; without a
 * response, the figures of any published unit above include all it has.
 */
static void
fill_units(struct publication *p, const struct sums *w,
    const struct publication_input *in)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		if (p->unit[i].status == UNIT_PUBLISHED)
			fill_published(p, w, in, i);
		else if (w->responses[i] == 0)
			p->unit[i].shown_instead = w->above[i];
		else
			p->unit[i].shown_instead = w->main.home[i];
}

/* Lists the cells of each atom that hold a response, in byte order of id. */
static void
list_cells(struct publication *p, const struct sums *w,
    const struct publication_input *in)
{
	struct buf	*list = mem_zero(p->n, sizeof(*list)), *b;
	uint32_t	 i, v;

	for (i = 0; i < p->n; i++)
		buf_init(&list[i], SIZE_MAX);
	for (i = 0; i < p->n; i++) {
		v = in->tree->by_id[i];
		if (in->cell[v].responses == 0 || w->main.home[v] == UNIT_NONE)
			continue;
		b = &list[w->main.home[v]];
		if (b->len > 0)
			buf_addc(b, ' ');
		buf_adds(b, p->unit[v].id);
	}
	for (i = 0; i < p->n; i++)
		if (list[i].len > 0)
			p->cells[i] = buf_take(&list[i]);
	free(list);
}

static void
sums_init(struct sums *w, uint32_t n)
{
	memset(w, 0, sizeof(*w));
	w->answers = mem_zero(n, sizeof(*w->answers));
	w->shown = mem_zero(n, sizeof(*w->shown));
	w->shown_invited = mem_zero(n, sizeof(*w->shown_invited));
	w->responses = mem_zero(n, sizeof(*w->responses));
	w->above = mem_zero(n, sizeof(*w->above));
}

static void
sums_wipe(struct sums *w)
{
	suppress_wipe(&w->main);
	free(w->answers);
	free(w->shown);
	free(w->shown_invited);
	free(w->responses);
	free(w->above);
	free(w->last);
}

enum err_code
publication_make(struct publication *p, const struct publication_input *in,
    struct err *e)
{
	struct sums	w;
	enum err_code	rc;

	memset(p, 0, sizeof(*p));
	if ((rc = check_input(in, e)) != ERR_OK)
		return rc;
	p->k = in->k;
	p->protect = in->protect;
	memcpy(p->scale, in->scale, sizeof(p->scale));
	memcpy(p->wording, in->wording, sizeof(p->wording));
	copy_units(p, in);
	sums_init(&w, p->n);
	if ((rc = decide(p, &w, in, e)) != ERR_OK)
		goto out;
	sum_up(p, &w, in);
	find_steady(p, in);
	if ((rc = choose_detail(p, &w, in, e)) != ERR_OK)
		goto out;
	sort_last(&w, in->last);
	fill_units(p, &w, in);
	list_cells(p, &w, in);
	p->home = w.main.home;
	w.main.home = NULL;
	p->safe = publication_safe(p);
	if (!p->safe)
		rc = err_set(e, ERR_CORRUPT, "internal error: the figures do"
		    " not pass the check of SCORING 5; nothing is published");
out:
	sums_wipe(&w);
	if (rc != ERR_OK)
		publication_wipe(p);
	return rc;
}

void
publication_wipe(struct publication *p)
{
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		free(p->unit[i].name);
		if (p->cells != NULL)
			free(p->cells[i]);
	}
	free(p->unit);
	free(p->cells);
	free(p->home);
	memset(p, 0, sizeof(*p));
}
