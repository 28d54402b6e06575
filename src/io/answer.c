/*
 * answer.c - which page answers which request.
 *
 * One function a route.  Reading a request is core/request.c's, recording is
 * submit.c's, pages are pages.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/answer.h"
#include "io/pages.h"
#include "io/waves.h"

struct answer {
	const char	*state_dir;
	bool		 scale_links;
	struct pages	*pages;
	submit_clock	*now;
};

struct answer *
answer_new(const struct conf *conf, submit_clock *now)
{
	struct answer *a = mem_zero(1, sizeof(*a));

	a->state_dir = conf->state_dir;
	a->scale_links = conf->site.scale_links;
	a->pages = pages_new(conf);
	a->now = now;
	return a;
}

void
answer_free(struct answer *a)
{
	if (a == NULL)
		return;
	pages_free(a->pages);
	free(a);
}

static enum err_code
gone(struct exchange *x)
{
	return pages_plain(x, 404, PAGE_GONE);
}

static enum err_code
wrong(struct exchange *x)
{
	return pages_plain(x, 400, PAGE_WRONG);
}

/* Larger than any form of a wave without comments: H2. */
static bool
is_long(const struct exchange *x)
{
	return x->wave.comments == 0 && x->form.len > REQUEST_BODY_SHORT;
}

/* A fault of the store, told with the box it happened in. */
static enum err_code
busy_box(struct exchange *x, unsigned int box, enum err_code rc)
{
	err_prefix(x->e, "box %u: ", box);
	return pages_busy(x, rc);
}

/* No wave to answer to; or a fault. */
static enum err_code
no_wave(struct exchange *x, enum err_code rc)
{
	return rc == ERR_ABSENT || rc == ERR_REFUSED ? gone(x) :
	    pages_busy(x, rc);
}

/*
 * The seat behind the token of a link, or, if token is NULL, behind one of the
 * posted form's codes: the one it changes, or its own where that is done.
 */
static enum err_code
find_seat(const struct answer *a, struct exchange *x, const struct link *token,
    struct seat *seat)
{
	const struct form	*f = &x->form;
	const struct link	*l = token != NULL ? token : &f->code;
	struct box		 b;
	enum err_code		 rc;

	if (l->box >= x->wave.boxes)
		return ERR_ABSENT;
	rc = submit_box(a->state_dir, &x->wave, l->box, &b, x->e);
	if (rc != ERR_OK)
		return rc;
	if (token != NULL)
		rc = box_token_seat(&b, token->secret, seat, x->e);
	else if (f->has_from && box_has_code(&b, f->from.secret))
		rc = box_code_seat(&b, f->from.secret, seat, x->e);
	else
		rc = box_code_seat(&b, f->code.secret, seat, x->e);
	box_wipe(&b);
	return rc;
}

/* The link does not name a token, or the form's code no ballot. */
static enum err_code
nobody(struct exchange *x)
{
	return x->r.route == ROUTE_FORM ? gone(x) : pages_change(x, true);
}

/* Not one of our forms; with a link that names nobody, gone all the same. */
static enum err_code
wrong_form(const struct answer *a, struct exchange *x)
{
	struct seat seat;

	if (x->r.route == ROUTE_FORM &&
	    find_seat(a, x, &x->r.link, &seat) == ERR_ABSENT)
		return gone(x);
	return is_long(x) ? pages_plain(x, 413, PAGE_WRONG) : wrong(x);
}

/* Records the form that is in x, and says what came of it. */
static enum err_code
record(struct answer *a, struct exchange *x)
{
	const struct link	*token, *from;
	enum box_verdict	 verdict;
	enum err_code		 rc;
	struct seat		 seat;

	token = x->r.route == ROUTE_FORM ? &x->r.link : NULL;
	from = token == NULL ? &x->form.from : NULL;
	rc = submit_ballot(a->state_dir, token, &x->form, a->now, &verdict,
	    &seat, x->e);
	if (rc == ERR_ABSENT || rc == ERR_REFUSED)
		return gone(x);
	if (rc != ERR_OK)
		return busy_box(x, x->form.code.box, rc);
	switch (verdict) {
	case BOX_RECORDED:
		return pages_thanks(x, &seat);
	case BOX_FRESH_FORM:
		return pages_fresh_form(x, 409, &seat, x->form.code.box, from);
	case BOX_ANSWERED:
		return pages_answered(x, &seat);
	case BOX_NO_TOKEN:
		break;
	}
	return nobody(x);
}

/* A form with answers, for a wave that is there: shown again, or recorded. */
static enum err_code
take_form(struct answer *a, struct exchange *x)
{
	const struct form	*f = &x->form;
	const struct link	*token, *from;
	bool			 good;
	enum err_code		 rc;
	struct seat		 seat;

	if (f->code.box >= x->wave.boxes)
		return nobody(x);
	if (is_long(x) || !form_bind(&x->form, &x->wave.questions,
	    x->wave.comments > 0))
		return wrong_form(a, x);
	good = form_answered(f, &x->wave.questions) &&
	    (f->comment == NULL || comment_fits(f->comment));
	if (f->lang[0] == '\0' && good && !form_unpick(&x->form))
		return record(a, x);
	token = x->r.route == ROUTE_FORM ? &x->r.link : NULL;
	from = token == NULL ? &f->from : NULL;
	rc = find_seat(a, x, token, &seat);
	if (rc == ERR_ABSENT)
		return nobody(x);
	if (rc != ERR_OK)
		return busy_box(x, f->code.box, rc);
	return pages_form(x, f->lang[0] != '\0' ? 200 : 422, &seat, &f->code,
	    from, true);
}

/* True if the code belongs to the same box of the same wave. */
static bool
same_box(const struct link *a, const struct link *b)
{
	return a->tag == b->tag && a->box == b->box;
}

static enum err_code
post_form(struct answer *a, struct exchange *x)
{
	const struct form	*f = &x->form;
	enum err_code		 rc;

	rc = submit_wave(a->state_dir, x->r.link.tag, a->now(), &x->wave, x->e);
	if (rc != ERR_OK)
		return no_wave(x, rc);
	if (!f->own_code || f->has_from || f->step != STEP_NONE ||
	    !same_box(&f->code, &x->r.link))
		return wrong_form(a, x);
	return take_form(a, x);
}

/*
 * Used or not, the same form: whoever reads a mailbox must not learn.  A link
 * of the scale that outlived the setting opens the plain form.
 */
static enum err_code
get_form(struct answer *a, struct exchange *x)
{
	const struct link	*l = &x->r.link;
	enum err_code		 rc;
	struct seat		 seat;

	rc = submit_wave(a->state_dir, l->tag, a->now(), &x->wave, x->e);
	if (rc != ERR_OK)
		return no_wave(x, rc);
	rc = find_seat(a, x, l, &seat);
	if (rc == ERR_ABSENT)
		return gone(x);
	if (rc != ERR_OK)
		return busy_box(x, l->box, rc);
	if (a->scale_links)
		x->form.chosen[0] = x->form.picked = x->r.picked;
	return pages_fresh_form(x, 200, &seat, l->box, NULL);
}

/* A code was typed: the empty form that changes its ballot. */
static enum err_code
post_ask(struct answer *a, struct exchange *x)
{
	const struct form	*f = &x->form;
	enum err_code		 rc;
	struct seat		 seat;

	if (is_long(x))
		return pages_plain(x, 413, PAGE_WRONG);
	if (f->n > 0 || f->has_from || f->comment != NULL)
		return wrong(x);
	if (!f->has_code)
		return pages_change(x, true);
	rc = submit_wave(a->state_dir, f->code.tag, a->now(), &x->wave, x->e);
	if (rc == ERR_ABSENT)
		return pages_change(x, true);
	if (rc != ERR_OK)
		return no_wave(x, rc);
	rc = find_seat(a, x, NULL, &seat);
	if (rc == ERR_ABSENT)
		return pages_change(x, true);
	if (rc != ERR_OK)
		return busy_box(x, f->code.box, rc);
	return pages_fresh_form(x, 200, &seat, f->code.box, &f->code);
}

static enum err_code
post_change(struct answer *a, struct exchange *x)
{
	const struct form	*f = &x->form;
	enum err_code		 rc;

	if (f->step == STEP_ASK)
		return post_ask(a, x);
	if (f->step != STEP_CHANGE || !f->own_code || !f->has_from ||
	    !same_box(&f->code, &f->from))
		return wrong(x);
	rc = submit_wave(a->state_dir, f->code.tag, a->now(), &x->wave, x->e);
	return rc == ERR_OK ? take_form(a, x) : no_wave(x, rc);
}

static enum err_code
optout(struct answer *a, struct exchange *x)
{
	enum err_code	rc;

	rc = x->r.post ? submit_optout(a->state_dir, x->r.hash, x->e) :
	    submit_optout_known(a->state_dir, x->r.hash, x->e);
	if (rc != ERR_OK)
		return no_wave(x, rc);
	return x->r.post ? pages_plain(x, 200, PAGE_OPTOUT_DONE) :
	    pages_optout(x);
}

/* Says "ok" only while the waves can be read. */
static enum err_code
health(struct answer *a, struct exchange *x)
{
	struct wave_ref	*ref;
	enum err_code	 rc;
	size_t		 n;

	if ((rc = waves_list(a->state_dir, &ref, &n, x->e)) != ERR_OK)
		return pages_busy(x, rc);
	free(ref);
	return pages_plain(x, 200, PAGE_HEALTH);
}

static enum err_code
respond(struct answer *a, struct exchange *x, const struct request_raw *in)
{
	bool	form = x->r.route == ROUTE_FORM || x->r.route == ROUTE_CHANGE;

	if (x->r.post && form &&
	    !form_split(&x->form, in->body, in->body_len))
		return wrong(x);
	switch (x->r.route) {
	case ROUTE_FORM:
		return x->r.post ? post_form(a, x) : get_form(a, x);
	case ROUTE_CHANGE:
		return x->r.post ? post_change(a, x) : pages_change(x, false);
	case ROUTE_OPTOUT:
		return optout(a, x);
	case ROUTE_PRIVACY:
		return pages_about(x, PAGE_PRIVACY);
	case ROUTE_HELP:
		return pages_about(x, PAGE_HELP);
	case ROUTE_HEALTH:
		return health(a, x);
	case ROUTE__MAX:
		break;
	}
	return gone(x);
}

enum err_code
answer_request(struct answer *a, const struct request_raw *in,
    struct web_reply *out, struct err *e)
{
	struct exchange	*x = mem_zero(1, sizeof(*x));
	enum err_code	 rc;
	unsigned int	 status;

	x->pages = a->pages;
	x->out = out;
	x->e = e;
	wave_init(&x->wave);
	status = request_read(&x->r, in);
	if (status == 405)
		out->allow = x->r.allow;
	if (status == 0)
		rc = respond(a, x, in);
	else
		rc = status == 404 ? gone(x) :
		    pages_plain(x, status, PAGE_WRONG);
	wave_wipe(&x->wave);
	crypt_wipe(x, sizeof(*x));
	free(x);
	return rc;
}
