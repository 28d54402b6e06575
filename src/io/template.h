/*
 * template.h - reads templates/LANG/NAME.mustache.
 *
 * Read once a process and kept, also that one is not there; partials of a
 * language are looked up in the same folder, names of [a-z0-9_.-] only.  Safe
 * from several threads at once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_TEMPLATE_H
#define SENSED_IO_TEMPLATE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/mustache.h"

struct templates;

/* Names the folder; reads nothing yet.  lang is one of the configured. */
struct templates *templates_new(const char *dir);
void		 templates_free(struct templates *t);

/*
 * Appends the rendered template.  ERR_ABSENT: no such file; ERR_INPUT: the
 * template is wrong (file and line are named), or a partial is missing, which
 * Mustache alone would show as nothing; ERR_SYS.
 */
enum err_code	 templates_render(struct templates *t, const char *lang,
		    const char *name, const struct view *view,
		    enum escape escape, struct buf *out, struct err *e)
		    MUST_USE;

/*
 * Reads a template and all partials that it could ever need, also those of
 * sections that are not shown.  ERR_INPUT: one is missing or wrong (file and
 * line are named); ERR_SYS.  For one thread.
 */
enum err_code	 templates_check(struct templates *t, const char *lang,
		    const char *name, struct err *e) MUST_USE;

/* How many of the checked templates of a language hold this text. */
size_t		 templates_marked(struct templates *t, const char *lang,
		    const char *mark);

#endif
