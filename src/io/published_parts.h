/*
 * published_parts.h - a publication on disk, between its files.
 *
 * Nobody but published*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PUBLISHED_PARTS_H
#define SENSED_IO_PUBLISHED_PARTS_H

#include "core/comments.h"
#include "io/store.h"

/* Puts the comments behind the figures, in their order. */
enum err_code	published_put_comments(struct store *s,
		    const struct comments *c, struct err *e) MUST_USE;

#endif
