/*
 * roster_write.h - records of a roster that is being made.
 *
 * For importing.c, and whoever else replaces the roster whole: under the
 * roster's lock, into a store that is committed at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ROSTER_WRITE_H
#define SENSED_IO_ROSTER_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "io/roster.h"
#include "io/store.h"

enum err_code	roster_put_unit(struct store *to, const char *survey,
		    uint32_t number, const char *id, const char *parent,
		    const char *name, struct err *e) MUST_USE;

/* Leader n (from 0) of l->unit. */
enum err_code	roster_put_leader(struct store *to, const char *survey,
		    size_t n, const struct leader *l, struct err *e) MUST_USE;

/*
 * ERR_USED, e not filled, *address false or true: the id, or the address, has
 * been put already.
 */
enum err_code	roster_put_person(struct store *to, const char *survey,
		    const struct person *p, bool *address, struct err *e)
		    MUST_USE;

/* Putting one twice is no error. */
enum err_code	roster_put_optout(struct store *to, const char *hash,
		    struct err *e) MUST_USE;

/* Copies every record. */
enum err_code	roster_copy(struct roster *from, struct store *to,
		    struct err *e) MUST_USE;

#endif
