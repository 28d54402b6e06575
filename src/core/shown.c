/*
 * shown.c - figures as digits.
 *
 * Takes figures that score.c has rounded and cut already; rounds nothing, and
 * knows no language.  SCORING 7 and 10.1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "core/shown.h"

void
shown_tenths(struct buf *out, int tenths)
{
	buf_addf(out, "%s%d.%d", tenths < 0 ? "-" : "", abs(tenths) / 10,
	    abs(tenths) % 10);
}

void
shown_signed(struct buf *out, int tenths)
{
	if (tenths > 0)
		buf_addc(out, '+');
	shown_tenths(out, tenths);
}

int
shown_score_tenths(const struct figure *f)
{
	switch (f->clip) {
	case CLIP_HIGH:
		return SHOWN_HIGH;
	case CLIP_LOW:
		return SHOWN_LOW;
	case CLIP_NONE:
		break;
	}
	return f->score;
}

void
shown_score(struct buf *out, const struct figure *f)
{
	shown_tenths(out, shown_score_tenths(f));
}

void
shown_fav(struct buf *out, const struct figure *f)
{
	buf_addf(out, "%d", f->fav);
}

static int
rank(const struct figure *f)
{
	int beyond = f->clip == CLIP_HIGH ? 1 : f->clip == CLIP_LOW ? -1 : 0;

	return 2 * shown_score_tenths(f) + beyond;
}

int
shown_compare(const struct figure *a, const struct figure *b)
{
	return rank(a) - rank(b);
}
