/*
 * rota.c - the order in which relays are tried.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/rota.h"

void
rota_init(struct rota *r, size_t n, size_t number)
{
	r->n = n;
	r->home = r->at = number % n;
	r->left = 0;
}

size_t
rota_pick(struct rota *r, int64_t now)
{
	if (r->at != r->home && now - r->left >= ROTA_RETURN)
		r->at = r->home;
	return r->at;
}

void
rota_down(struct rota *r, int64_t now)
{
	if (r->at == r->home)
		r->left = now;
	r->at = (r->at + 1) % r->n;
}
